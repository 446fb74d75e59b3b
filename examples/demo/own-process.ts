/** Processes that the demo starts. None outlives it: see `killOwnProcesses`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface OwnProcess {
  /** What the first group of `ready` caught. */
  readonly told: string;
  readonly pid: number;
  /** SIGKILL: it gets no chance to tidy up. Resolves when it is gone. */
  kill(): Promise<void>;
}

export interface ProcessSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Matches what it prints once it can be used. */
  readonly ready: RegExp;
}

const startTimeoutMs = 20_000;
const living = new Set<ChildProcess>();
let curtainDown = false;

export async function startProcess({
  program,
  args,
  env,
  ready,
}: ProcessSpec): Promise<OwnProcess> {
  if (curtainDown) throw new Error('the demo is over');
  const child = spawn(program, args, {
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void gone.then(() => living.delete(child));
  try {
    const told = await firstMatch(child, program, ready);
    return { told, pid: child.pid ?? 0, kill: () => end(child, gone) };
  } catch (error) {
    // A program that is not there never ran, and never closes.
    if (child.pid === undefined) living.delete(child);
    else await end(child, gone);
    throw error;
  }
}

/** For the very end, when nothing can be waited for any more; nothing can be started after it. */
export function killOwnProcesses(): void {
  curtainDown = true;
  for (const child of living) child.kill('SIGKILL');
}

async function end(child: ChildProcess, gone: Promise<void>): Promise<void> {
  child.kill('SIGKILL');
  await gone;
}

async function firstMatch(child: ChildProcess, program: string, ready: RegExp): Promise<string> {
  let printed = '';
  const found = new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      // Its end is all that can be wanted; and it must be read for as long as the process prints.
      printed = (printed + chunk).slice(-8_192);
      const match = ready.exec(printed);
      if (match !== null) resolve(match[1] ?? match[0]);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('close', () => reject(new Error(`${program} ended at once:\n${printed}`)));
  });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  return Promise.race([found, failed, timeout(program)]);
}

function timeout(program: string): Promise<never> {
  return new Promise((_, reject) => {
    const tooLate = () => reject(new Error(`${program} took too long to start`));
    setTimeout(tooLate, startTimeoutMs).unref();
  });
}
