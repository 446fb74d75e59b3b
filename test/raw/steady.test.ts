/** A store that remembers must say, at every look, what one that has never looked before says. */
import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  link,
  mkdir,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RawStore } from '../../src/core/ports/raw.js';
import { isSteady } from '../../src/stamps/steady.js';
import { manyCasesMs, soak } from '../faults/soak.js';
import { onOwnThread } from '../support/own-thread.js';
import { plant, type StoreOptions, storeOf, templateAt } from './raw-root.js';

/** Longer than the ticks of this file system's clock, and short enough for tests. */
const restMs = 25;
const onThreads = { mostAtOnce: 0 };
const rested = () => sleep(restMs + 10);

async function expectTheTruth(
  store: RawStore,
  rawDir: string,
  where: StoreOptions = {},
): Promise<void> {
  const found = await store.list().catch((error: Error) => error.message);
  const truth = await storeOf(rawDir, where)
    .list()
    .catch((error: Error) => error.message);
  expect(found).toEqual(truth);
}

/** A store that has seen its days at rest. */
async function steadyStore(rawDir: string, options: object = {}): Promise<RawStore> {
  const store = storeOf(rawDir, { restMs, ...options });
  await rested();
  await store.list();
  return store;
}

describe('what changed since a look is seen by the next', () => {
  const original = { '3/a.csv': 'aaaa', '3/b.csv': 'b', '4/a.csv': 'x', '10/a.csv': 'y' };

  const attacks: [what: string, attack: (raw: string) => Promise<unknown>][] = [
    ['a file that grew', (raw) => appendFile(join(raw, '3/a.csv'), 'a')],
    [
      'a file rewritten in place, its size and mtime put back',
      async (raw) => {
        await writeFile(join(raw, '3/a.csv'), 'bbbb');
        await utimes(join(raw, '3/a.csv'), 1, 1);
      },
    ],
    [
      'a file replaced by rename',
      async (raw) => {
        await writeFile(join(raw, '3/.new'), 'bbbb');
        await rename(join(raw, '3/.new'), join(raw, '3/a.csv'));
      },
    ],
    ['a file that came', (raw) => writeFile(join(raw, '4/b.csv'), 'x')],
    ['a file that went', (raw) => rm(join(raw, '3/b.csv'))],
    ['a file renamed', (raw) => rename(join(raw, '3/b.csv'), join(raw, '3/c.csv'))],
    ['a second name for a file', (raw) => link(join(raw, '3/a.csv'), join(raw, '3/z.csv'))],
    ['a FIFO', async (raw) => execFileSync('mkfifo', [join(raw, '3/c.csv')])],
    ['_SUCCESS', (raw) => writeFile(join(raw, '3/_SUCCESS'), '')],
    ['what is not read', (raw) => writeFile(join(raw, '3/orders.parquet'), '')],
    ['a day that came', (raw) => mkdir(join(raw, '5'))],
    ['a day that went', (raw) => rm(join(raw, '3'), { recursive: true })],
    ['what is no day', (raw) => writeFile(join(raw, 'notes.txt'), '')],
    ['a day renamed', (raw) => rename(join(raw, '3'), join(raw, '2'))],
    [
      'two days that changed places',
      async (raw) => {
        await rename(join(raw, '3'), join(raw, '_3'));
        await rename(join(raw, '4'), join(raw, '3'));
        await rename(join(raw, '_3'), join(raw, '4'));
      },
    ],
    [
      'a day replaced by a link to where it went',
      async (raw) => {
        await rename(join(raw, '3'), join(raw, '_moved'));
        await symlink('_moved', join(raw, '3'));
      },
    ],
    [
      'a file replaced by a link to where it went',
      async (raw) => {
        await rename(join(raw, '3/a.csv'), join(raw, '3/.moved'));
        await symlink('.moved', join(raw, '3/a.csv'));
      },
    ],
    [
      'a root that was exchanged for another',
      async (raw) => {
        await mkdir(`${raw}.new/3`, { recursive: true });
        await writeFile(`${raw}.new/3/a.csv`, 'aaaa');
        await rename(raw, `${raw}.old`);
        await rename(`${raw}.new`, raw);
      },
    ],
    ['a root that is gone', (raw) => rename(raw, `${raw}.old`)],
    ['permissions', (raw) => chmod(join(raw, '3/a.csv'), 0o600)],
  ];

  test.each(attacks)('%s', async (_, attack) => {
    const rawDir = await plant(original);
    await utimes(join(rawDir, '3/a.csv'), 1, 1);
    const stores = [
      await steadyStore(rawDir, { watch: onOwnThread }),
      await steadyStore(rawDir, { requireSuccessFile: true, watch: onThreads }),
    ];
    await attack(rawDir);
    for (const [index, store] of stores.entries()) {
      const truth = storeOf(rawDir, { requireSuccessFile: index === 1 });
      const message = (error: Error) => error.message;
      expect(await store.list().catch(message)).toEqual(await truth.list().catch(message));
    }
    await rested();
    await stores[0]?.list().catch(() => {});
    await expectTheTruth(stores[0] as RawStore, rawDir);
  });

  test('what is not read, though a folder takes the place of a file', async () => {
    const rawDir = await plant({ '3/a.csv': 'a', '3/b.part': 'b', '4/b.parquet': '' });
    const store = await steadyStore(rawDir);
    await rm(join(rawDir, '3/b.part'));
    await mkdir(join(rawDir, '3/b.part'));
    await rename(join(rawDir, '4/b.parquet'), join(rawDir, '4/c.parquet'));
    await expectTheTruth(store, rawDir);
  });

  test('behind a link: a file, a day, the root itself', async () => {
    const rawDir = await plant({
      'store/day/a.csv': 'a',
      'store/file': 'f',
      '3': { link: 'store/day' },
      '4/a.csv': { link: '../store/file' },
      '5/a.csv': 'five',
    });
    await symlink('raw', join(rawDir, '../link'));
    const store = await steadyStore(join(rawDir, '../link'));
    await writeFile(join(rawDir, 'store/day/b.csv'), 'b');
    await expectTheTruth(store, rawDir);
    await writeFile(join(rawDir, 'store/file'), 'ff');
    await expectTheTruth(store, rawDir);
    const other = await plant({ '5/a.csv': 'five' });
    await rm(join(rawDir, '../link'));
    await symlink(other, join(rawDir, '../link'));
    await expectTheTruth(store, other);
  });

  test('behind a link that is led elsewhere, on the way to a file or to the root', async () => {
    const rawDir = await plant({
      '_store/1/a.csv': 'a',
      '_store/2/a.csv': 'bb',
      _current: { link: '_store/1' },
      '4/a.csv': { link: '../_current/a.csv' },
    });
    const store = await steadyStore(rawDir);
    await rm(join(rawDir, '_current'));
    await symlink('_store/2', join(rawDir, '_current'));
    await expectTheTruth(store, rawDir);

    const [one, other] = [await plant({ '5/a.csv': 'five' }), await plant({ '6/a.csv': 'six' })];
    const root = join(rawDir, '../root');
    await symlink(one, root);
    const byLink = await steadyStore(root);
    await rm(root);
    await symlink(other, root);
    await expectTheTruth(byLink, other);
  });

  test('though a second change fell into the clock tick of the first', async () => {
    const rawDir = await plant({ '3/a.csv': 'a' });
    const store = await steadyStore(rawDir);
    for (let round = 0; round < 50; round += 1) {
      await writeFile(join(rawDir, `3/${round}.csv`), '');
      const looking = store.list();
      await writeFile(join(rawDir, `3/${round}-again.csv`), '');
      await looking;
      await expectTheTruth(store, rawDir);
    }
  });
});

describe('while nothing changes', () => {
  test('the listing is the very same object', async () => {
    const rawDir = await plant({ '3/a.csv': 'a', '4/b.csv': 'b', '5': 'folder/', other: '' });
    const store = await steadyStore(rawDir);
    const first = await store.list();
    expect(await store.list()).toBe(first);
    await sleep(restMs);
    expect(await store.list()).toBe(first);
  });

  test('so it is where only looks can tell: fresh days, links, what is refused', async () => {
    const rawDir = await plant({
      '3/a.csv': 'a',
      '3/b.parquet': '',
      '4': { link: '3' },
      '5/a.csv': 'fifo/',
      'day=6': 'folder/',
    });
    const store = storeOf(rawDir, { restMs: 60_000 });
    const first = await store.list();
    expect(await store.list()).toBe(first);
  });

  test('days that did not change are the same objects beside those that did', async () => {
    const rawDir = await plant({ '3/a.csv': 'a', '4/b.csv': 'b' });
    const store = await steadyStore(rawDir);
    const [three] = (await store.list()).days.values();
    await appendFile(join(rawDir, '4/b.csv'), 'b');
    const [threeAgain, four] = (await store.list()).days.values();
    expect(threeAgain).toBe(three);
    expect(four?.files[0]?.sizeBytes).toBe(2);
  });
});

test('a thread that dies costs a look, and no truth', async () => {
  const rawDir = await plant({ '3/a.csv': 'a' });
  const thread = new URL('./mortal-thread.js', import.meta.url);
  const store = await steadyStore(rawDir, { watch: { thread, ...onThreads } });
  for (let look = 0; look < 6; look += 1) {
    await appendFile(join(rawDir, '3/a.csv'), 'a');
    await expectTheTruth(store, rawDir);
    await rested();
  }
});

test('looks that are asked for at once see what is there when they are asked', async () => {
  const rawDir = await plant({});
  const store = storeOf(rawDir, { restMs });
  const looks: Promise<unknown>[] = [];
  for (let day = 0; day < 40; day += 1) {
    await mkdir(join(rawDir, String(day)));
    looks.push(store.list().then(({ days }) => expect(days.size).toBeGreaterThan(day)));
    if (day % 10 === 0) await rested();
  }
  await Promise.all(looks);
});

describe('a folder is steady', () => {
  const stamp = { dev: 1n, ino: 1n, sizeBytes: 0n, mtimeNs: 0n, ctimeNs: 5_000_000_000n };
  test.each([
    ['after its rest', 1n, 8_000, true],
    ['not before', 1n, 7_999, false],
    ['not where its time lies ahead', 1n, 1_000, false],
    ['not on another file system', 2n, 8_000, false],
    ['not on one that is not trusted', null, 8_000, false],
  ])('%s', (_, dev, nowMs, expected) => {
    expect(isSteady(stamp, nowMs, { dev, restMs: 3_000 })).toBe(expected);
  });
});

describe('whatever happens to a raw root', () => {
  interface Step {
    readonly name: string;
    readonly go: (raw: string) => Promise<unknown>;
  }

  /** Of folders, of which some lie in others, and of files in them. */
  function stepsIn(folders: readonly string[], files: readonly string[]): fc.Arbitrary<Step> {
    const folder = fc.constantFrom(...folders);
    const path = fc.tuple(folder, fc.constantFrom(...files)).map((names) => names.join('/'));
    return fc.oneof(
      fc.tuple(path, fc.constantFrom('', 'a', 'bb')).map(([at, text]) => ({
        name: `write ${at} ${text}`,
        go: async (raw: string) => {
          await mkdir(join(raw, at, '..'), { recursive: true });
          await writeFile(join(raw, at), text);
        },
      })),
      path.map((at) => ({ name: `remove ${at}`, go: (raw: string) => rm(join(raw, at)) })),
      folder.map((at) => ({
        name: `remove folder ${at}`,
        go: (raw: string) => rm(join(raw, at), { recursive: true }),
      })),
      fc.tuple(path, path).map(([a, b]) => ({
        name: `move ${a} ${b}`,
        go: (raw: string) => rename(join(raw, a), join(raw, b)),
      })),
      fc.tuple(folder, folder).map(([a, b]) => ({
        name: `move folder ${a} ${b}`,
        go: (raw: string) => rename(join(raw, a), join(raw, b)),
      })),
      fc.tuple(path, path).map(([a, b]) => ({
        name: `link ${a} ${b}`,
        go: (raw: string) => symlink(join(raw, a), join(raw, b)),
      })),
      fc.tuple(path, path).map(([a, b]) => ({
        name: `hard link ${a} ${b}`,
        go: (raw: string) => link(join(raw, a), join(raw, b)),
      })),
      fc.tuple(folder, folder).map(([a, b]) => ({
        name: `link folder ${a} ${b}`,
        go: (raw: string) => symlink(join(raw, a), join(raw, b)),
      })),
      // As if nothing happened, but by a link.
      folder.map((at) => ({
        name: `move folder ${at} away and link to it`,
        go: async (raw: string) => {
          await mkdir(join(raw, '_moved'), { recursive: true });
          const away = join(raw, '_moved', at.replaceAll('/', '+'));
          await rename(join(raw, at), away);
          await symlink(away, join(raw, at));
        },
      })),
      path.map((at) => ({ name: `touch ${at}`, go: (raw: string) => utimes(join(raw, at), 1, 1) })),
      fc.constant({ name: 'rest', go: rested }),
    );
  }

  const files = ['a.csv', 'b.csv', '_SUCCESS', '.c.csv', 'd.csv.gz', 'e.txt'];
  const nested = ['2026', '2026/01', '2026/01/01', '2026/01/02', '2026/02/01', 'x'];
  const spread = ['eu', 'us', 'eu/2026-01-01', 'us/2026-01-01', 'us/2026-01-02'];
  const inner = ['2026-01-01', '2026-01-01/h=1', '2026-01-01/h=2', '2026-01-02/h=1', '2026-01-02'];
  const flat = ['a_20260101.csv', 'a_20260101_b.csv', 'a_20260102.csv', 'a_20260231.csv', 'b'];
  const table: [below: string | null, folders: string[], files: string[]][] = [
    [null, ['1', '2', '10'], files],
    ['{day:yyyy/MM/dd}/*.csv{,.gz}', nested, files],
    ['*/{day}/*.csv{,.gz}', spread, files],
    ['{day}/h=*/*.csv{,.gz}', inner, files],
    ['a_{day:yyyyMMdd}*.csv', ['.'], flat],
    [
      '{day:yyyy}/a_{day:MMdd}*.csv',
      ['2026', '2027'],
      ['a_0101.csv', 'a_0101_b.csv', 'a_0230.csv'],
    ],
  ];

  test.each(table)(
    'every look sees it: %s',
    { timeout: manyCasesMs },
    async (below, folders, names) => {
      const runs = soak ? 1_000 : below === null ? 24 : 8;
      const template = (rawDir: string) => below && templateAt(rawDir, below);
      await fc.assert(
        fc.asyncProperty(
          fc.array(stepsIn(folders, names), { minLength: 5, maxLength: 25 }),
          fc.constantFrom(0, 4, 32),
          async (steps, mostAtOnce) => {
            const first = folders.map((folder) => [`${folder}/${names[0]}`, 'a']);
            const rawDir = await plant(Object.fromEntries(first));
            const chosen = template(rawDir);
            const where = chosen ? { template: chosen } : {};
            const store = await steadyStore(rawDir, { watch: { mostAtOnce }, ...where });
            try {
              for (const { go } of steps) {
                // What cannot be done in this state is left out.
                await go(rawDir).catch(() => {});
                await expectTheTruth(store, rawDir, where);
              }
            } finally {
              await store.close();
            }
          },
        ),
        { numRuns: runs },
      );
    },
  );
});
