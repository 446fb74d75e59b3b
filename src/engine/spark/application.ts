/** One Spark application: `spark-submit` as a child in a process group of its own, from its start to its end. */

import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '../../model/problems.js';
import type { ApplicationEvent } from './application-event.js';
import { createPrintedLines, type PrintedLines } from './printed-lines.js';

export interface ApplicationOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The working folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** For people: whom the application belongs to. */
  readonly master: string;
  readonly timeoutMs: number;
  /** How long a cancelled application may take to leave its cluster. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ApplicationEvent) => void;
}

type End =
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'broken'; readonly error: Error }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'abort' };

/**
 * Resolves when the application has succeeded. Otherwise throws ProblemError, or the signal's reason; none of its
 * processes is left then.
 */
export async function runApplication(options: ApplicationOptions): Promise<void> {
  options.signal.throwIfAborted();
  const child = spawn(options.command, [...options.args], {
    cwd: options.folder,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const printed = createPrintedLines(options.onEvent);
  printed.read(child.stdout);
  printed.read(child.stderr);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = await firstOf(child, options);
  if (end.kind === 'abort' || end.kind === 'timeout') await stop(child, options.graceMs);
  signalGroup(child, 'SIGKILL');
  // Does not wait for processes that left the group but hold its output open.
  await Promise.race([closed, sleep(options.graceMs, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  if (end.kind === 'abort') throw options.signal.reason;
  const complaint = complaintOf(end, options, printed);
  if (complaint !== null) throw new ProblemError('engine-failed', complaint);
}

function firstOf(child: ChildProcess, { signal, timeoutMs }: ApplicationOptions): Promise<End> {
  return new Promise((resolve) => {
    const settle = (end: End) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(end);
    };
    const onAbort = () => settle({ kind: 'abort' });
    const timer = setTimeout(() => settle({ kind: 'timeout' }), timeoutMs);
    signal.addEventListener('abort', onAbort);
    child.once('error', (error) => settle({ kind: 'broken', error }));
    child.once('exit', (code, killer) => settle({ kind: 'exit', code, signal: killer }));
  });
}

/** A polite request first, so that the driver signs off from its master and its executors end at once. */
async function stop(child: ChildProcess, graceMs: number): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (signalGroup(child, 0) && performance.now() < deadline) await sleep(20);
}

/** Whether the group still has processes. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

function complaintOf(
  end: Exclude<End, { kind: 'abort' }>,
  { command, master, timeoutMs }: ApplicationOptions,
  printed: PrintedLines,
): string | null {
  const who = `The Spark application on ${master}`;
  switch (end.kind) {
    case 'broken':
      return `${who} could not be started: ${command}: ${end.error.message}.`;
    case 'timeout':
      return `${who} did not end within ${timeoutMs} ms (DAYMARK_SPARK_TIMEOUT_MS) and was stopped.${printed.tail()}`;
    case 'exit':
      if (end.code === 0) return null;
      return end.signal === null
        ? `${who} failed with exit code ${end.code}.${printed.tail()}`
        : `${who} was killed (${end.signal}).${printed.tail()}`;
    default:
      return end satisfies never;
  }
}
