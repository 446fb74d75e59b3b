/**
 * The command on a folder of its own: `command` is the built one as a process of its own (`npm test` compiles
 * first); `daymark` is the same command line in this process, which takes a tenth of the time.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { runCli } from '../../src/cli/cli.js';
import { eventually } from '../support/eventually.js';
import { type RawRow, rawText } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';
import { recordOutput } from './recorded-output.js';

export const binary = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Ended extends Printed {
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  /** Resolves once it has printed this on either stream. */
  said(what: RegExp): Promise<void>;
}

export interface Place {
  readonly root: string;
  readonly rawDir: string;
  readonly outputFile: string;
  readonly env: Readonly<Record<string, string>>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  command(...args: string[]): Promise<Ended>;
  daymark(...args: string[]): Promise<Printed>;
  /** The same, with --json; what it prints is parsed. */
  json(...args: string[]): Promise<Printed & { readonly body: Body }>;
  land(day: string, rows: readonly RawRow[] | string, name?: string): Promise<void>;
  output(): Promise<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: what an outside program reads has no type.
type Body = any;

/** Raw root and output in a temporary folder, which is also where the commands run. */
export async function makePlace(more: Readonly<Record<string, string>> = {}): Promise<Place> {
  const root = await makeTempDir();
  const [rawDir, outputFile] = [join(root, 'raw'), join(root, 'processed', 'orders.csv')];
  await mkdir(rawDir);
  const env = { DAYMARK_RAW_DIR: rawDir, DAYMARK_OUTPUT_FILE: outputFile, ...more };
  const start: Place['start'] = (args, extra = {}) =>
    startProcess(process.execPath, [binary, ...args], root, { ...env, ...extra });
  const daymark: Place['daymark'] = async (...args) => {
    const [out, err] = [recordOutput(), recordOutput()];
    const code = await runCli({ env, args, console: { out: out.output, err: err.output } });
    return { code, stdout: out.text(), stderr: err.text() };
  };
  return {
    root,
    rawDir,
    outputFile,
    env,
    start,
    command: (...args) => start(args).ended,
    daymark,
    json: async (...args) => {
      const printed = await daymark(...args, '--json');
      return { ...printed, body: JSON.parse(printed.stdout) };
    },
    land: async (day, rows, name = 'orders.csv') => {
      await mkdir(join(rawDir, day), { recursive: true });
      await writeFile(
        join(rawDir, day, name),
        typeof rows === 'string' ? rows : rawText([...rows]),
      );
    },
    output: () => readFile(outputFile, 'utf8'),
  };
}

/** Killed when the test has finished, if it has not ended before. */
export function startProcess(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(command, args, { cwd, env: { PATH: process.env['PATH'], ...env } });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (more: string) => {
      text[name] += more;
    });
  }
  // It may end before it has read what it is sent.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  return {
    child,
    ended: closed.then(() => ({ code: child.exitCode, signal: child.signalCode, ...text })),
    said: (what) =>
      eventually(() => {
        const all = text.stdout + text.stderr;
        if (!what.test(all)) throw new Error(`it has not said ${what}, but: ${all}`);
      }, 10_000),
  };
}

/** A week as the usual job would have it: one row for each day, hour and category. */
export async function landDays(place: Place, days: readonly string[]): Promise<void> {
  for (const day of days) {
    await place.land(day, [
      [8, { bananas: Number(day) + 1, milk: 2 }],
      [15, { bananas: 1, eggs: 4 }],
    ]);
  }
}

/** So many rows that the reference engine is at work for about a second with each day. */
export async function landLargeDays(place: Place, days: readonly string[]): Promise<void> {
  const categories = Array.from({ length: 40 }, (_, at) => `c${at}`);
  const header = `order_id,order_hour_of_day,${categories.join()}\n`;
  const text = header + `1,8,${categories.map((_, at) => at % 3).join()}\n`.repeat(60_000);
  for (const day of days) await place.land(day, text);
}
