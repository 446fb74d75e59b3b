import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ProblemError } from '../../model/problems.js';
import type { SparkSettings } from './settings.js';

const program = 'spark-submit';

/** The path of the `spark-submit` to run. Throws ProblemError where there is none. */
export async function findSubmit(
  settings: Pick<SparkSettings, 'submit' | 'environment'>,
): Promise<string> {
  for (const path of placesOf(settings)) if (await isProgram(path)) return path;
  throw new ProblemError('engine-failed', `Spark cannot be started: ${whyNot(settings)}`);
}

function placesOf({ submit, environment }: Pick<SparkSettings, 'submit' | 'environment'>) {
  if (submit !== null) return [submit];
  const { SPARK_HOME: home, PATH: path = '' } = environment;
  // An empty entry of PATH stands for the working folder, from which nothing should be started.
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return [...(home ? [join(home, 'bin')] : []), ...folders].map((folder) => join(folder, program));
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function whyNot({ submit, environment }: Pick<SparkSettings, 'submit' | 'environment'>): string {
  if (submit !== null) {
    return `${submit} is no program that can be run. Correct DAYMARK_SPARK_SUBMIT.`;
  }
  const home = environment['SPARK_HOME'];
  const places = home ? `SPARK_HOME (${home}) and on the PATH` : 'the PATH (SPARK_HOME is not set)';
  return `${program} was looked for in ${places}. Install Spark, or set DAYMARK_SPARK_SUBMIT.`;
}
