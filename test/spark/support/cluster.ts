/** A real standalone Spark cluster on loopback: a master and two workers, each a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/free-port.js';
import { openTempDir } from '../../support/temp-dir.js';

export interface ClusterPlace {
  /** `spark://…` */
  readonly master: string;
  /** Of the master's own web interface, which tells its state as JSON. */
  readonly status: string;
  readonly sparkHome: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Cluster extends ClusterPlace {
  startWorker(): Promise<Worker>;
  stop(): Promise<void>;
}

export interface Worker {
  readonly pid: number;
  /** SIGKILL, executors included. */
  kill(): Promise<void>;
}

export interface MasterState {
  readonly aliveworkers: number;
  readonly activeapps: readonly { readonly id: string; readonly name: string }[];
  readonly completedapps: readonly { readonly id: string; readonly state: string }[];
}

const startMs = 60_000;

/** Nothing outlives the test process, even one that ends badly. */
const running = new Set<ChildProcess>();
const killAll = () => {
  for (const { pid } of running) {
    try {
      process.kill(-(pid as number), 'SIGKILL');
    } catch {
      // It is gone.
    }
  }
};
process.on('exit', killAll);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, killAll);

/** Small JVMs on a small machine: a second of start counts for more than a faster loop. */
const jvmOptions = '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto';

export async function startCluster(sparkHome: string, python: string): Promise<Cluster> {
  const dir = await openTempDir();
  const [port, statusPort] = [await freePort(), await freePort()];
  const master = `spark://127.0.0.1:${port}`;
  const status = `http://127.0.0.1:${statusPort}`;
  const environment = environmentOf(sparkHome, python, dir.path);
  const children = new Set<ChildProcess>();

  const start = (name: string, args: readonly string[]) => {
    const child = spawn(join(sparkHome, 'bin', 'spark-class'), args, {
      env: { ...environment, SPARK_DAEMON_MEMORY: '256m', SPARK_DAEMON_JAVA_OPTS: jvmOptions },
      stdio: ['ignore', 'ignore', 'ignore'],
      detached: true,
    });
    children.add(child);
    running.add(child);
    child.once('error', (error) => process.stderr.write(`${name}: ${error.message}\n`));
    child.once('exit', () => {
      children.delete(child);
      running.delete(child);
    });
    return child;
  };
  const kill = async (child: ChildProcess) => {
    if (!children.has(child)) return;
    const gone = once(child, 'exit');
    process.kill(-(child.pid as number), 'SIGKILL');
    await gone;
  };

  start('master', [
    'org.apache.spark.deploy.master.Master',
    ...['--host', '127.0.0.1', '--port', String(port), '--webui-port', String(statusPort)],
  ]);
  await eventually(() => masterState(status), startMs);

  let workers = 0;
  const startWorker = async (): Promise<Worker> => {
    workers += 1;
    const folder = join(dir.path, `worker-${workers}`);
    await mkdir(folder);
    const before = (await masterState(status)).aliveworkers;
    const child = start('worker', [
      'org.apache.spark.deploy.worker.Worker',
      ...['--host', '127.0.0.1', '--cores', '1', '--memory', '1g', '--work-dir', folder],
      master,
    ]);
    await eventually(async () => {
      const { aliveworkers } = await masterState(status);
      if (aliveworkers <= before) throw new Error('the worker is not there yet');
    }, startMs);
    return { pid: child.pid as number, kill: () => killWorker(child, kill) };
  };

  return {
    master,
    status,
    sparkHome,
    environment,
    startWorker,
    stop: async () => {
      for (const child of [...children]) await kill(child);
      await dir.remove();
    },
  };
}

/** An executor lies in its worker's group: both are gone at once, as when a machine is lost. */
async function killWorker(
  child: ChildProcess,
  kill: (child: ChildProcess) => Promise<void>,
): Promise<void> {
  await kill(child);
}

export async function masterState(status: string): Promise<MasterState> {
  const response = await fetch(`${status}/json/`, { signal: AbortSignal.timeout(2_000) });
  return (await response.json()) as MasterState;
}

function environmentOf(sparkHome: string, python: string, folder: string): Record<string, string> {
  const { PATH = '', JAVA_HOME } = process.env;
  return {
    PATH,
    HOME: folder,
    SPARK_HOME: sparkHome,
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_LOCAL_DIRS: folder,
    PYSPARK_PYTHON: python,
    ...(JAVA_HOME === undefined ? {} : { JAVA_HOME }),
  };
}
