/** The least that looking at all days can cost: the same `lstat`s in plain C, on two threads. */
import { join, resolve } from 'node:path';
import { runCommand } from '../run-command.js';
import { say } from '../terminal.js';

const source = resolve('test/bench/native/stat-all.c');
const threads = 2;

/** Milliseconds for every folder and file of a raw root. */
export type PlainStats = (rawDir: string) => Promise<number>;

/** Null, said so, where there is no C compiler. */
export async function compilePlainStats(folder: string): Promise<PlainStats | null> {
  const program = join(folder, 'stat-all');
  try {
    await runCommand('cc', ['-O2', '-pthread', '-o', program, source]);
  } catch (error) {
    say(`\nThe figure in C is left out: ${(error as Error).message}.`);
    return null;
  }
  return async (rawDir) => Number((await runCommand(program, [rawDir, String(threads)])).stdout);
}
