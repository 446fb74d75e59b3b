/** The raw root is only ever read: a start that would lead writes into it is refused, and has made nothing. */
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../cli/daymark.js';
import { bindMount, canMount } from '../support/bind-mount.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

interface Scene {
  readonly what: string;
  readonly mounts?: boolean;
  /** Relative to the folder of the scene; `processed/orders.csv` by default. */
  readonly output?: string;
  readonly staging?: string;
  readonly setting: string;
  prepare(at: (path: string) => string): Promise<unknown>;
}

const scenes: readonly Scene[] = [
  {
    what: 'an output over a link to the root',
    output: 'link/3/total.csv',
    setting: 'DAYMARK_OUTPUT_FILE',
    prepare: (at) => symlink(at('raw'), at('link')),
  },
  {
    what: 'an output in a folder of the root that is to be made',
    output: 'link/processed/orders.csv',
    setting: 'DAYMARK_OUTPUT_FILE',
    prepare: (at) => symlink('raw', at('link')),
  },
  {
    what: 'an output in a mount of a day',
    mounts: true,
    output: 'out/orders.csv',
    setting: 'DAYMARK_OUTPUT_FILE',
    prepare: (at) => bindMount(at('raw/3'), at('out')),
  },
  {
    what: 'a state folder that is a link into the root',
    setting: 'DAYMARK_OUTPUT_FILE',
    prepare: async (at) => {
      await mkdir(at('processed'));
      await symlink('../raw/3', at('processed/_daymark'));
    },
  },
  {
    what: 'a folder of the state that is a mount of the root',
    mounts: true,
    setting: 'DAYMARK_OUTPUT_FILE',
    prepare: (at) => bindMount(at('raw'), at('processed/_daymark/orders.csv/backup')),
  },
  {
    what: 'plans and results of Spark over a link into the root',
    staging: 'link/spark',
    setting: 'DAYMARK_SPARK_STAGING',
    prepare: (at) => symlink('raw', at('link')),
  },
];

async function prepared({ output = 'processed/orders.csv', staging, prepare }: Scene) {
  const root = await makeTempDir();
  const at = (path: string) => join(root, path);
  await mkdir(at('raw/3'), { recursive: true });
  await writeFile(at('raw/3/orders.csv'), 'order_hour_of_day,milk\n8,1\n');
  await prepare(at);
  const env = {
    DAYMARK_RAW_DIR: at('raw'),
    DAYMARK_OUTPUT_FILE: at(output),
    ...(staging === undefined
      ? {}
      : { DAYMARK_SPARK_MASTER: 'local[1]', DAYMARK_SPARK_STAGING: at(staging) }),
  };
  return { raw: at('raw'), env };
}

const untouched = ['3', '3/orders.csv'];
const entriesOf = async (raw: string) => (await readdir(raw, { recursive: true })).sort();

describe('a start is refused, with status 78, and leaves the raw root as it is', () => {
  for (const scene of scenes) {
    it.skipIf(scene.mounts === true && !canMount)(`for ${scene.what}`, async () => {
      const { raw, env } = await prepared(scene);
      const { code, stderr: told } = await startServiceProcess(env).ended();
      expect(code).toBe(78);
      expect(told).toContain(`- ${scene.setting} leads into the raw root`);
      expect(told).toContain(
        `${raw} (DAYMARK_RAW_DIR); set ${scene.setting} to a place elsewhere.`,
      );
      expect(await entriesOf(raw)).toEqual(untouched);
    });
  }
});

it('before the raw root is there, too', async () => {
  const root = await makeTempDir();
  await mkdir(join(root, 'store'));
  await symlink('store', join(root, 'link'));
  const { code } = await startServiceProcess({
    DAYMARK_RAW_DIR: join(root, 'store/raw'),
    DAYMARK_OUTPUT_FILE: join(root, 'link/raw/processed/orders.csv'),
  }).ended();
  expect(code).toBe(78);
  expect(await readdir(join(root, 'store'))).toEqual([]);
});

it.each([
  ['the output', 'processed'],
  ['the state', 'processed/_daymark'],
])('by the command line without a server, too: a link for %s', async (_, link) => {
  const place = await makePlace();
  await place.land('3', [[8, { milk: 1 }]]);
  await mkdir(join(place.root, link, '..'), { recursive: true });
  await symlink(place.rawDir, join(place.root, link));
  const { code, stderr } = await place.daymark('run');
  expect(code).toBe(78);
  expect(stderr).toContain('leads into the raw root');
  expect(await entriesOf(place.rawDir)).toEqual(untouched);
});
