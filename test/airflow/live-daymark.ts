/** A Daymark of its own process, with a real redis-server, where Airflow's connection points to. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { type RawRow, rawText } from '../support/service.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { place } from './airflow.js';

export interface LiveDaymark {
  readonly redis: RedisServer;
  /** Ends with the signal what runs now, and returns when the next one listens. */
  restart(signal: NodeJS.Signals): Promise<void>;
  land(day: string, rows: readonly RawRow[] | string): Promise<void>;
  output(): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
  get(path: string): Promise<any>;
  /** Its log, of all processes there were, one object a line. */
  log(): readonly Record<string, unknown>[];
}

/** All of it is ended when the test has finished. */
export async function startDaymark(env: Record<string, string> = {}): Promise<LiveDaymark> {
  if (place === null) throw new Error('there is no Airflow');
  const { token } = place;
  const root = await makeTempDir();
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const [rawDir, outputFile] = [join(root, 'raw'), join(root, 'processed', 'orders.csv')];
  await mkdir(rawDir);
  const settings = {
    DAYMARK_PORT: `${place.daymarkPort}`,
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: outputFile,
    DAYMARK_REDIS_URL: redis.url,
    DAYMARK_OPERATE_TOKEN: token,
    ...env,
  };
  const processes: ServiceProcess[] = [];
  const start = async () => {
    const service = startServiceProcess(settings);
    processes.push(service);
    return service.url();
  };
  const url = await start();

  return {
    redis,
    restart: async (signal) => {
      await processes.at(-1)?.end(signal);
      await start();
    },
    land: async (day, rows) => {
      const path = join(rawDir, day, 'orders.csv');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof rows === 'string' ? rows : rawText(rows));
    },
    output: () => readFile(outputFile, 'utf8'),
    get: async (path) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${url}${path}`, { headers })).json();
    },
    log: () => processes.flatMap((each) => linesOf(each.output())),
  };
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
