/** The parts of Airflow as processes of their own, over SQLite in a temporary folder, on loopback only. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.js';
import { freePort, lastingPort } from '../support/free-port.js';
import { openTempDir } from '../support/temp-dir.js';

/** A part runs where its process does; the scheduler runs the tasks, in processes of its own. */
const parts: Readonly<Record<string, readonly string[]>> = {
  // Without a server of its own for the logs: they lie in one folder for all, and that server would not be on loopback.
  scheduler: ['scheduler', '--skip-serve-logs'],
  triggerer: ['triggerer', '--skip-serve-logs'],
  'dag-processor': ['dag-processor'],
  'api-server': ['api-server'],
};

export type PartName = 'scheduler' | 'triggerer' | 'dag-processor' | 'api-server';

export interface AirflowProcess {
  readonly url: string;
  /** Where the connection `daymark` points to, on 127.0.0.1. */
  readonly daymarkPort: number;
  /** All parts are ended, and the folder is gone. */
  stop(): Promise<void>;
}

export interface AirflowOptions {
  /** The interpreter of an environment that has Airflow. */
  readonly python: string;
  /** The password of the connection. */
  readonly token: string;
}

export async function startAirflow({ python, token }: AirflowOptions): Promise<AirflowProcess> {
  const home = await openTempDir();
  const running: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(running.map(endGroup));
    await home.remove();
  };
  try {
    const [port, daymarkPort] = [await freePort(), await lastingPort()];
    const env = environment({ home: home.path, port, daymarkPort, token });
    await plantDags(join(home.path, 'dags'));
    const airflow = join(dirname(python), 'airflow');
    await promisify(execFile)(airflow, ['db', 'migrate'], { env });
    for (const [name, args] of Object.entries(parts)) {
      running.push(startPart(airflow, args, { env, log: join(home.path, `${name}.log`) }));
    }
    const url = `http://127.0.0.1:${port}`;
    await untilHealthy(url, running, home.path);
    return { url, daymarkPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Place {
  readonly home: string;
  readonly port: number;
  readonly daymarkPort: number;
  readonly token: string;
}

function environment({ home, port, daymarkPort, token }: Place): NodeJS.ProcessEnv {
  const url = `http://127.0.0.1:${port}`;
  const connection = {
    conn_type: 'http',
    host: '127.0.0.1',
    port: daymarkPort,
    schema: 'http',
    login: 'airflow',
    password: token,
  };
  const { login: _login, ...withoutLogin } = connection;
  const { password: _password, ...withoutSecret } = withoutLogin;
  const bearer = { ...withoutSecret, extra: { Authorization: `Bearer ${token}` } };
  return {
    PATH: process.env['PATH'],
    HOME: home,
    TMPDIR: process.env['TMPDIR'],
    AIRFLOW_HOME: home,
    AIRFLOW_CONN_DAYMARK: JSON.stringify(connection),
    AIRFLOW_CONN_DAYMARK_WITHOUT_LOGIN: JSON.stringify(withoutLogin),
    AIRFLOW_CONN_DAYMARK_BEARER: JSON.stringify(bearer),
    PYTHONPATH: resolve('test/airflow/policy'),
    PYTHONDONTWRITEBYTECODE: '1',
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: join(home, 'dags'),
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '4',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: `${port}`,
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__API__BASE_URL: url,
    AIRFLOW__API__SECRET_KEY: randomBytes(32).toString('hex'),
    AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(64).toString('hex'),
    AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME: '0.2',
    AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
  };
}

async function plantDags(folder: string): Promise<void> {
  await mkdir(folder);
  await cp('test/airflow/dags', folder, { recursive: true });
  await copyFile('examples/airflow/daymark_orders.py', join(folder, 'daymark_orders.py'));
}

/** In a process group of its own, because it has children that outlive it when it is killed. */
function startPart(
  airflow: string,
  args: readonly string[],
  { env, log }: { readonly env: NodeJS.ProcessEnv; readonly log: string },
): ChildProcess {
  const child = spawn(airflow, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = createWriteStream(log);
  child.stdout.pipe(written, { end: false });
  child.stderr.pipe(written, { end: false });
  return child;
}

interface Health {
  readonly [part: string]: { readonly status: string | null };
}

async function untilHealthy(url: string, running: readonly ChildProcess[], home: string) {
  try {
    await eventually(async () => {
      if (running.some(hasEnded)) throw new Error('a part of Airflow has ended');
      const answer = await fetch(`${url}/api/v2/monitor/health`);
      const health = (await answer.json()) as Health;
      for (const part of ['metadatabase', 'scheduler', 'triggerer', 'dag_processor']) {
        if (health[part]?.status !== 'healthy') throw new Error(`${part} is not healthy yet`);
      }
    }, 90_000);
  } catch (error) {
    const logs = await Promise.all(Object.keys(parts).map((name) => lastLines(home, name)));
    throw new Error(`Airflow did not start.\n${logs.join('\n')}`, { cause: error });
  }
}

async function lastLines(home: string, part: string): Promise<string> {
  const text = await readFile(join(home, `${part}.log`), 'utf8').catch(() => '');
  return `${part}:\n${text.trim().split('\n').slice(-15).join('\n')}`;
}

/** The metadata is thrown away, so nobody waits for an orderly end. */
async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const closed = hasEnded(child) ? Promise.resolve() : once(child, 'exit');
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group is gone already.
  }
  await closed;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
