/** Starts one Airflow for all tests; where it cannot be installed, says why, and the tests are skipped. */
import { readFile } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { Absent, pythonWith } from '../support/python.js';
import { startAirflow } from './airflow-process.js';

/** What the tests know of it; null where there is none. */
export interface AirflowPlace {
  readonly url: string;
  readonly daymarkPort: number;
  readonly token: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    airflow: AirflowPlace | null;
  }
}

const token = 'operate-secret';
const say = (text: string) => process.stdout.write(`${text}\n`);

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const python = await findPython();
  if (python === null) {
    provide('airflow', null);
    return async () => {};
  }
  const airflow = await startAirflow({ python, token });
  provide('airflow', { url: airflow.url, daymarkPort: airflow.daymarkPort, token });
  return airflow.stop;
}

async function findPython(): Promise<string | null> {
  try {
    const pinned = await readFile('test/airflow/requirements.txt', 'utf8');
    return await pythonWith({
      name: 'airflow',
      requirements: pinned.trim().split('\n'),
      called: 'Airflow',
      mayInstall: true,
      say,
    });
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    say(`Skipped: tests of a real Airflow, which ${error.message}.`);
    return null;
  }
}
