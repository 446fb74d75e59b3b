import { once } from 'node:events';
import { startProcess } from './scratch.js';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Printed text is dropped where it is of no interest. */
  readonly stdout?: 'keep' | 'ignore';
}

export interface Finished {
  /** From its start to its end, as seen from here. */
  readonly ms: number;
  readonly stdout: string;
}

/** Runs a program to its end; throws, with what it complained of, where that is no success. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, stdout = 'keep' }: CommandOptions = {},
): Promise<Finished> {
  const startedAt = performance.now();
  const child = startProcess(command, args, {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', stdout === 'keep' ? 'pipe' : 'ignore', 'pipe'],
  });
  let printed = '';
  let complaint = '';
  let endedAt = startedAt;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  child.once('exit', () => {
    endedAt = performance.now();
  });
  const [code, signal] = await once(child, 'close');
  if (code === 0) return { ms: endedAt - startedAt, stdout: printed };
  const tail = complaint.trim().split('\n').slice(-5).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}: ${tail}`);
}
