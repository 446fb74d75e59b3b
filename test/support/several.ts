/** A service with several datasets in this process, over one parent folder. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import supertest from 'supertest';
import { expect, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { type DatasetConfig, seedDataset } from '../../src/config/dataset-config.js';
import { createService, type Service } from '../../src/service.js';
import { watchAnswers } from '../http/conformity.js';
import { type RawRow, rawText } from './service.js';
import { makeTempDir } from './temp-dir.js';

export interface SeveralWish {
  /** By name, in order: what differs from the service's own settings. */
  readonly datasets: Readonly<Record<string, Partial<DatasetConfig>>>;
  /** `DAYMARK_` settings, without the prefix. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The output of each dataset in a folder of its own; by default all share one. */
  readonly ownFolders?: boolean;
  /** Below the root, of those whose output lies elsewhere. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Called before the service starts. */
  readonly prepare?: (places: Several) => Promise<unknown>;
}

export interface Several {
  readonly root: string;
  rawDirOf(name: string): string;
  outputOf(name: string): string;
  land(name: string, day: string, rows: readonly RawRow[] | string): Promise<void>;
}

export interface SeveralService extends Several {
  readonly service: Service;
  readonly url: string;
  readonly http: supertest.Agent;
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  /** A run of the dataset, waited for. */
  run(name: string, body?: object): Promise<supertest.Response>;
  read(name: string): Promise<string>;
}

/** Stops by itself; fails the test when an answer was not what its route documents. */
export async function startSeveral(wish: SeveralWish): Promise<SeveralService> {
  const root = await makeTempDir();
  const places = placesIn(root, wish.ownFolders, wish.outputs);
  const names = Object.keys(wish.datasets);
  for (const name of names) await mkdir(places.rawDirOf(name), { recursive: true });
  await mkdir(join(root, 'processed'));
  await wish.prepare?.(places);

  const logLines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => logLines.push(JSON.parse(line)) });
  const config = readConfig({ DAYMARK_PORT: '0', ...prefixed(wish.settings ?? {}) });
  const settingsOf = (name: string): DatasetConfig => {
    const seed = seedDataset(name, {
      ...config.dataset,
      rawDir: places.rawDirOf(name),
      outputFile: places.outputOf(name),
      checkpointKey: `daymark:${name}:last_processed_day`,
      ...wish.datasets[name],
    });
    return { ...seed, ...wish.datasets[name] };
  };
  const [first = '', ...others] = names;
  const datasets = [settingsOf(first), ...others.map(settingsOf)] as const;
  const service = createService(config, { logger, datasets });
  const violations = watchAnswers(service.app);
  const address = await service.start();
  onTestFinished(async () => {
    await service.stop();
    expect(violations).toEqual([]);
  });

  const http = supertest(address);
  const run = (name: string, body: object = {}) =>
    http.post(`/v1/datasets/${name}/runs?wait=30`).send(body);
  const read = (name: string) => readFile(places.outputOf(name), 'utf8');
  return { ...places, service, url: address, http, logLines, run, read };
}

export function placesIn(
  root: string,
  ownFolders = false,
  outputs: SeveralWish['outputs'] = {},
): Several {
  const rawDirOf = (name: string) => join(root, 'raw', name);
  return {
    root,
    rawDirOf,
    outputOf: (name) =>
      join(root, outputs[name] ?? join('processed', ownFolders ? name : '', `${name}.csv`)),
    land: async (name, day, rows) => {
      const path = join(rawDirOf(name), day, 'part.csv');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof rows === 'string' ? rows : rawText(rows));
    },
  };
}

function prefixed(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`DAYMARK_${name}`, value]),
  );
}
