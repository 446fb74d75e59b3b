import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { threads } from '../facts.js';
import { runCommand } from '../run-command.js';
import { parseRows } from '../workloads/check-rows.js';
import type { RawDayFile } from '../workloads/raw-day.js';
import type { Attempt, Contestant } from './contestant.js';
import type { QueryForm } from './duckdb.js';

export interface PythonJob {
  readonly name: string;
  /** The interpreter of an environment that has what the script imports. */
  readonly python: string;
  /** In `test/bench/python`. */
  readonly script: string;
  readonly form: QueryForm;
}

/** A script that reads the day and appends its rows to an output, in a process of its own each time. */
export function pythonJob(job: PythonJob, folder: string): Contestant {
  return {
    name: job.name,
    enter: async (day) => ({
      attempt: () => attempt(job, day, folder),
      leave: async () => undefined,
    }),
  };
}

async function attempt(
  { python, script, form }: PythonJob,
  day: RawDayFile,
  folder: string,
): Promise<Attempt> {
  const output = join(folder, 'python-output');
  await rm(output, { recursive: true, force: true });
  // Spark appends to a folder, which it makes itself.
  if (!script.startsWith('pyspark')) await writeFile(output, '');
  const args = [day.path, output, form, `${threads}`];
  const { ms, jobMs } = await runScript(python, script, args, folder);
  return { ms, jobMs, rows: parseRows(await appended(output)) };
}

/** Runs a script of `test/bench/python` in `folder`; it prints the time of its job. */
export async function runScript(
  python: string,
  script: string,
  args: readonly string[],
  folder: string,
): Promise<{ readonly ms: number; readonly jobMs: number }> {
  const path = resolve('test/bench/python', script);
  const { ms, stdout } = await runCommand(python, [path, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      JAVA_HOME: process.env['JAVA_HOME'],
      POLARS_MAX_THREADS: `${threads}`,
      SPARK_LOCAL_DIRS: folder,
    },
  });
  const printed = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { ms, ...(JSON.parse(printed) as { readonly jobMs: number }) };
}

async function appended(output: string): Promise<string> {
  if ((await stat(output)).isFile()) return await readFile(output, 'utf8');
  const parts = (await readdir(output)).filter((name) => /^part-.*\.csv$/.test(name));
  const texts = await Promise.all(parts.map((name) => readFile(join(output, name), 'utf8')));
  return texts.join('');
}
