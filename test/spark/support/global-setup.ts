/** Makes the Python environment once, and starts the cluster that all tests share. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { Absent, pythonWith, requireJava } from '../../support/python.js';
import { type Cluster, type ClusterPlace, masterState, startCluster } from './cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where there is no Spark here. */
    cluster: ClusterPlace | null;
  }
}

const run = promisify(execFile);

const say = (text: string) => process.stdout.write(`${text}\n`);

export default async function setup(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  const startedAt = performance.now();
  const cluster = await startIfPossible();
  project.provide('cluster', cluster === null ? null : placeOf(cluster));
  if (cluster === null) return undefined;
  return async () => {
    const { completedapps } = await masterState(cluster.status);
    await cluster.stop();
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    say(`Spark applications on the cluster: ${completedapps.length}; the suite took ${seconds} s.`);
  };
}

async function startIfPossible(): Promise<Cluster | null> {
  try {
    await requireJava();
    const requirements = ['pyspark==4.3.0'];
    const python = await pythonWith({ name: 'pyspark', requirements, mayInstall: true, say });
    const sparkHome = await sparkHomeOf(python);
    say(`Spark: ${requirements[0]}; ${await javaVersion()}.`);
    return await startCluster(sparkHome, python);
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    say(`Skipped: the tests on Spark; ${error.message}.`);
    return null;
  }
}

async function sparkHomeOf(python: string): Promise<string> {
  const { stdout } = await run(python, ['-c', 'import pyspark; print(pyspark.__file__)']);
  return dirname(join(stdout.trim()));
}

async function javaVersion(): Promise<string> {
  const { stderr } = await run('java', ['-version']);
  return stderr.split('\n')[0] ?? 'java';
}

function placeOf({ master, status, sparkHome, environment }: Cluster): ClusterPlace {
  return { master, status, sparkHome, environment };
}
