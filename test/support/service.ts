/** A real service in this process, listening on loopback, over temporary folders. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import type { DatasetConfig } from '../../src/config/dataset-config.js';
import type { Disk } from '../../src/disk/disk.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { createService, type Service } from '../../src/service.js';
import { makeTempDir } from './temp-dir.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
  readonly body: any;
}

export interface TestService {
  readonly root: string;
  readonly rawDir: string;
  readonly folder: StateFolder;
  readonly service: Service;
  readonly url: string;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** POST /v1/runs?wait=60 */
  run(body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  output(): Promise<string>;
  /** Writes a raw file from rows; see `rawText`. */
  land(day: string, rows: RawRow[] | string, name?: string): Promise<void>;
  removeRaw(day: string): Promise<void>;
  stop(): Promise<void>;
}

/** Hour, and items by category. */
export type RawRow = readonly [hour: number, items: Record<string, number | string>];

export interface TestServiceOptions {
  /** To start again where another service was. */
  readonly root?: string;
  readonly env?: Record<string, string>;
  readonly disk?: Disk;
  /** In the place of the one that the environment describes. */
  readonly datasets?: readonly [DatasetConfig, ...DatasetConfig[]];
}

/** Stopped when the test has finished, if not before. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const root = options.root ?? (await makeTempDir());
  const rawDir = join(root, 'raw');
  const outputFile = join(root, 'processed', 'orders.csv');
  await mkdir(rawDir, { recursive: true });
  const config = readConfig({
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: outputFile,
    DAYMARK_PORT: '0',
    ...options.env,
  });
  const service = createService(config, {
    logger: pino({ level: 'silent' }),
    ...(options.disk === undefined ? {} : { disk: options.disk }),
    ...(options.datasets === undefined ? {} : { datasets: options.datasets }),
  });
  const url = await service.start();
  let stopped = false;
  const stop = async () => {
    if (!stopped) await service.stop();
    stopped = true;
  };
  onTestFinished(stop);

  const call: TestService['call'] = async (method, path, body, headers = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };
  const folder = stateFolderOf(outputFile);

  return {
    root,
    rawDir,
    folder,
    service,
    url,
    call,
    get: (path) => call('GET', path),
    run: (body, headers) => call('POST', '/v1/runs?wait=60', body, headers),
    output: () => readFile(folder.output, 'utf8'),
    land: async (day, rows, name = 'orders.csv') => {
      const path = join(rawDir, day, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof rows === 'string' ? rows : rawText(rows));
    },
    removeRaw: (day) => rm(join(rawDir, day), { recursive: true, force: true }),
    stop,
  };
}

/** A raw file with the columns that the rows name. */
export function rawText(rows: readonly RawRow[]): string {
  const categories = [...new Set(rows.flatMap(([, items]) => Object.keys(items)))];
  const lines = rows.map(([hour, items], index) =>
    [index + 1, hour, ...categories.map((category) => items[category] ?? 0)].join(','),
  );
  return `${['order_id', 'order_hour_of_day', ...categories].join(',')}\n${lines.join('\n')}\n`;
}

export const outputHeader = 'day_of_week,hour_of_day,category,items_count\n';

/** The states of the days, by day. */
export async function statesOf(service: TestService): Promise<Record<string, string>> {
  const { body } = await service.get('/v1/days?limit=5000');
  return Object.fromEntries(
    body.days.map(({ day, state }: { day: string; state: string }) => [day, state]),
  );
}
