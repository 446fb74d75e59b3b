/** A real standalone Spark cluster on loopback: a master and two workers, each a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
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
  stop(): Promise<void>;
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

/** With two workers. */
export async function startCluster(sparkHome: string, python: string): Promise<Cluster> {
  const dir = await openTempDir();
  const [port, statusPort] = [await freePort(), await freePort()];
  const place: ClusterPlace = {
    master: `spark://127.0.0.1:${port}`,
    status: `http://127.0.0.1:${statusPort}`,
    sparkHome,
    environment: environmentOf(sparkHome, python, dir.path),
  };
  const master = startDaemon(place, [
    'org.apache.spark.deploy.master.Master',
    ...['--host', '127.0.0.1', '--port', String(port), '--webui-port', String(statusPort)],
  ]);
  await eventually(() => masterState(place.status), startMs);
  const workers = [await startWorker(place), await startWorker(place)];
  return {
    ...place,
    stop: async () => {
      for (const daemon of [...workers, master]) await daemon.kill();
      await dir.remove();
    },
  };
}

/** A process with all that it starts. */
export interface Daemon {
  readonly pid: number;
  /** SIGKILL to all of them at once, as when a machine is lost. */
  kill(): Promise<void>;
}

/** One more worker, of one core, for a cluster that runs. Its executors are of its group. */
export async function startWorker(place: ClusterPlace): Promise<Daemon> {
  const folder = await mkdtemp(join(place.environment['SPARK_LOCAL_DIRS'] ?? '', 'worker-'));
  const before = (await masterState(place.status)).aliveworkers;
  const worker = startDaemon(place, [
    'org.apache.spark.deploy.worker.Worker',
    ...['--host', '127.0.0.1', '--cores', '1', '--memory', '1g', '--work-dir', folder],
    place.master,
  ]);
  await eventually(async () => {
    const { aliveworkers } = await masterState(place.status);
    if (aliveworkers <= before) throw new Error('the worker is not there yet');
  }, startMs);
  return worker;
}

function startDaemon({ sparkHome, environment }: ClusterPlace, args: readonly string[]): Daemon {
  const child = spawn(join(sparkHome, 'bin', 'spark-class'), args, {
    env: { ...environment, SPARK_DAEMON_MEMORY: '256m', SPARK_DAEMON_JAVA_OPTS: jvmOptions },
    stdio: 'ignore',
    detached: true,
  });
  running.add(child);
  child.once('error', (error) => process.stderr.write(`${args[0]}: ${error.message}\n`));
  child.once('exit', () => running.delete(child));
  const pid = child.pid as number;
  return {
    pid,
    kill: async () => {
      if (!running.has(child)) return;
      const gone = once(child, 'exit');
      process.kill(-pid, 'SIGKILL');
      await gone;
    },
  };
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
