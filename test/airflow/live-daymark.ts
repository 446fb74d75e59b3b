/** A Daymark of its own process, with a real redis-server, where Airflow's connection points to. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { type RawRow, rawText } from '../support/service.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { place } from './airflow.js';

export interface LiveDaymark {
  readonly redis: RedisServer;
  /** Ends with the signal what runs now, and returns when the next one listens. */
  restart(signal: NodeJS.Signals, env?: Record<string, string>): Promise<void>;
  /** A day that the engine `csv` needs seconds for. */
  landLargeDay(day: string): Promise<void>;
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
  const start = async (others = {}) => {
    const service = startServiceProcess({ ...settings, ...others });
    processes.push(service);
    return service.url();
  };
  const url = await start();
  const put = async (name: string, content: string | Buffer) => {
    const path = join(rawDir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  };

  return {
    redis,
    restart: async (signal, others) => {
      await processes.at(-1)?.end(signal);
      await start(others);
    },
    land: (day, rows) => put(`${day}/orders.csv`, typeof rows === 'string' ? rows : rawText(rows)),
    landLargeDay: (day) => put(`${day}/orders.csv.gz`, largeDay()),
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

export const largeDayItems = 2_500_000;

/** One order is one item of milk at eight o'clock; the same compressed block many times over. */
function largeDay(): Buffer {
  const orders = 100_000;
  const block = gzipSync('1,8,1\n'.repeat(orders));
  const blocks = Array.from({ length: largeDayItems / orders }, () => block);
  return Buffer.concat([gzipSync('order_id,order_hour_of_day,milk\n'), ...blocks]);
}
