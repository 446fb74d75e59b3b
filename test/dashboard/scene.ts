/** A service process with a real Redis over raw days of a test's own making. */
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

export interface Scene {
  readonly url: string;
  readonly redis: RedisServer;
  /** Writes a day's one raw file: a row for each of `counts`, at the hours from 8 on. */
  land(day: string, counts: readonly (number | string)[]): Promise<void>;
  landFile(day: string, text: string): Promise<void>;
  /** The folder, with nothing in it. */
  landNothing(day: string): Promise<void>;
  removeRaw(day: string): Promise<void>;
  /** POST /v1/runs?wait=60; the status of the answer. */
  run(body?: object): Promise<number>;
  /** GET, as JSON. */
  get(path: string): Promise<unknown>;
}

interface SceneWish {
  readonly layout?: 'index' | 'date';
  readonly env?: Readonly<Record<string, string>>;
  readonly token?: string;
}

/** Stopped and removed when the test has finished. */
export async function setScene({
  layout = 'date',
  env = {},
  token,
}: SceneWish = {}): Promise<Scene> {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  await mkdir(rawDir);
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const service = startServiceProcess({
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
    DAYMARK_LAYOUT: layout,
    DAYMARK_REDIS_URL: redis.url,
    ...env,
  });
  const url = await service.url();
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };

  let landed = 0;
  const landFile: Scene['landFile'] = async (day, text) => {
    const file = join(rawDir, day, 'orders.csv');
    await mkdir(join(rawDir, day), { recursive: true });
    await writeFile(file, text);
    // Every landing has a time of its own, however fast the test is.
    landed += 1;
    await utimes(file, 1_790_000_000 + landed, 1_790_000_000 + landed);
  };
  return {
    url,
    redis,
    landFile,
    land: (day, counts) => {
      const rows = counts.map((items, index) => `${index + 1},${8 + index},${items},1\n`);
      return landFile(day, `order_id,order_hour_of_day,oat milk,eggs\n${rows.join('')}`);
    },
    landNothing: async (day) => {
      await mkdir(join(rawDir, day));
    },
    removeRaw: (day) => rm(join(rawDir, day), { recursive: true }),
    run: async (body = {}) => {
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await fetch(`${url}/v1/runs?wait=60`, init)).status;
    },
    get: async (path) => (await fetch(`${url}${path}`, { headers })).json(),
  };
}
