/** Virtual environments for what is not of Node: each is made once, under `.python/`, and kept. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve('.python');

/** A reason, as a sentence for people, why something that is not of Node cannot take part. */
export class Absent extends Error {
  override readonly name = 'Absent';
}

export interface EnvironmentOptions {
  /** Of its folder. */
  readonly name: string;
  /** As pip takes them, each pinned. */
  readonly requirements: readonly string[];
  /** What they are for people, where the list itself is too long to be said. */
  readonly called?: string;
  /** False where that would take too long: then it is absent until someone may. */
  readonly mayInstall: boolean;
  /** Told before something long begins. */
  readonly say: (text: string) => void;
}

/**
 * The interpreter of a virtual environment that has all the requirements; made anew where they changed since.
 * Throws Absent.
 */
export async function pythonWith(options: EnvironmentOptions): Promise<string> {
  const { name, requirements, called = requirements.join(', '), mayInstall, say } = options;
  const folder = join(root, name);
  const python = join(folder, 'bin', 'python');
  // Written last: an environment without it was never finished.
  const contents = join(folder, 'daymark-requirements.txt');
  const wanted = `${requirements.join('\n')}\n`;
  if ((await readFile(contents, 'utf8').catch(() => null)) === wanted) return python;
  if (!mayInstall) throw new Absent('not installed yet; a run without --quick does it');
  try {
    say(`Installing ${called} under .python/${name} …`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(root, { recursive: true });
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...requirements]);
    await writeFile(contents, wanted);
    return python;
  } catch (error) {
    throw new Absent(`could not be installed: ${complaintOf(error)}`);
  }
}

/** Throws Absent where there is no Java to run Spark on. */
export async function requireJava(): Promise<void> {
  try {
    await run('java', ['-version']);
  } catch {
    throw new Absent('there is no java on the PATH');
  }
}

/** The last lines of what a command printed before it failed; they say why. */
function complaintOf(error: unknown): string {
  const { message, stderr = '' } = error as Error & { readonly stderr?: string };
  return stderr.trim().split('\n').slice(-5).join('\n') || message;
}
