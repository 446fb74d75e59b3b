/** The built service (`dist/main.js`) as a process of its own. `npm test` compiles first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** One object a log line. */
  readonly log: readonly Record<string, unknown>[];
}

export interface ServiceProcess {
  readonly child: ChildProcess;
  /** Resolves when it listens. */
  url(): Promise<string>;
  /** All that it wrote to its log so far. */
  output(): string;
  ended(): Promise<Ended>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** Killed when the test has finished, if it has not ended before. */
export function startServiceProcess(env: Record<string, string>): ServiceProcess {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], DAYMARK_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });

  const log = () =>
    stdout
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ended = async (): Promise<Ended> => {
    await closed;
    return { code: child.exitCode, signal: child.signalCode, stderr, log: log() };
  };

  const address = () => {
    const line = log().find((each) => each['address'] !== undefined);
    if (line === undefined) throw new Error('it does not listen yet');
    return String(line['address']);
  };
  const endedBefore = async (): Promise<never> => {
    await closed;
    throw new Error(`it ended: ${stderr}${stdout}`);
  };

  return {
    child,
    // One that was killed before it listened is not waited for.
    url: () => Promise.race([eventually(address, 15_000), endedBefore()]),
    output: () => stdout,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended();
    },
  };
}
