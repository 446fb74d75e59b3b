import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runCommand } from '../run-command.js';
import { say } from '../terminal.js';

/** The newest that could be installed when they were measured. */
export const requirements = {
  polars: 'polars==2.1.0',
  pandas: 'pandas==3.1.1',
  pyspark: 'pyspark==4.3.0',
} as const;

/** Kept from one run of the bench to the next. */
const cache = resolve('.bench/python');

/** A reason, as a sentence for people, why someone cannot take part. */
export class Absent extends Error {
  override readonly name = 'Absent';
}

/**
 * The interpreter of a virtual environment that has the requirement. Made where there is none yet, unless
 * that would take too long. Throws Absent.
 */
export async function pythonWith(
  requirement: string,
  { mayInstall }: { readonly mayInstall: boolean },
): Promise<string> {
  const folder = join(cache, requirement.replace('==', '-'));
  const python = join(folder, 'bin', 'python');
  const ready = join(folder, '.ready');
  if (existsSync(ready)) return python;
  if (!mayInstall) throw new Absent('not installed yet; a run without --quick does it');
  try {
    say(`Installing ${requirement} under .bench/python …`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await runCommand('python3', ['-m', 'venv', folder]);
    await runCommand(python, ['-m', 'pip', 'install', '--quiet', requirement]);
    await writeFile(ready, '');
    return python;
  } catch (error) {
    throw new Absent(`could not be installed: ${(error as Error).message}`);
  }
}

/** Throws Absent where there is no Java to run Spark on. */
export async function requireJava(): Promise<void> {
  try {
    await runCommand('java', ['-version']);
  } catch {
    throw new Absent('there is no java on the PATH');
  }
}
