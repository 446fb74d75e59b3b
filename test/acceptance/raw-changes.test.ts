/**
 * Raw data that changes behind the service's back, in every way a file system allows. The very next request
 * must see it, however well the looks before it are remembered.
 */
import {
  chmod,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { asNobody, canBeRefused } from '../raw/permissions.js';
import {
  outputHeader,
  rawText,
  startTestService,
  statesOf,
  type TestService,
} from '../support/service.js';

/** Longer than any time after which an unchanged folder might be looked at less closely. */
const idleMs = 4_300;

const milk = (items: number) => rawText([[8, { milk: items }]]);

const pathOf = ({ rawDir }: TestService, ...names: string[]) => join(rawDir, ...names);
const fileOf = (service: TestService, day: string) => pathOf(service, day, 'orders.csv');

async function planned(service: TestService): Promise<string[]> {
  const { status, body } = await service.get('/v1/plan');
  expect(status).toBe(200);
  return body.days.map(({ day, state }: { day: string; state: string }) => `${day} ${state}`);
}

/** A file of its own age, to the second: what a tool that keeps times brings back is the same to the nanosecond. */
async function landAged(service: TestService, day: string): Promise<void> {
  await service.land(day, milk(Number(day) + 1));
  const seconds = 1_700_000_000 + Number(day);
  await utimes(fileOf(service, day), seconds, seconds);
}

/** Days 0 to 2, processed, and looked at often enough to be remembered. */
async function startSteady(env: Record<string, string> = {}): Promise<TestService> {
  const service = await startTestService({ env });
  for (const day of ['0', '1', '2']) {
    await landAged(service, day);
    if (env['DAYMARK_REQUIRE_SUCCESS_FILE'] === 'true') await service.land(day, '', '_SUCCESS');
  }
  expect((await service.run()).body.status).toBe('succeeded');
  for (let look = 0; look < 3; look += 1) expect(await planned(service)).toEqual([]);
  return service;
}

/** Gives the file its old times back, as `cp -p`, `rsync -t` and restores from backups do. */
async function keepingTimes(path: string, change: () => Promise<unknown>): Promise<void> {
  const { atime, mtime } = await stat(path);
  await change();
  await utimes(path, atime, mtime);
}

interface Change {
  readonly what: string;
  act(service: TestService): Promise<unknown>;
  /** What the next run would take, with the states. */
  readonly seen: readonly string[];
  /** States of other days than the planned ones that change. */
  readonly states?: Readonly<Record<string, string>>;
  /** The items of days 0, 1, 2, … after a run; null for a day without rows. */
  readonly items: readonly (number | null)[];
}

const changes: readonly Change[] = [
  {
    what: 'a file rewritten in place with another size',
    act: (service) => writeFile(fileOf(service, '1'), milk(20)),
    seen: ['1 changed'],
    items: [1, 20, 3],
  },
  {
    what: 'a file rewritten in place with the same size',
    act: (service) => writeFile(fileOf(service, '1'), milk(9)),
    seen: ['1 changed'],
    items: [1, 9, 3],
  },
  {
    what: 'a file rewritten in place with another size and its old times',
    act: (service) =>
      keepingTimes(fileOf(service, '1'), () => writeFile(fileOf(service, '1'), milk(20))),
    seen: ['1 changed'],
    items: [1, 20, 3],
  },
  {
    what: 'a file appended to, with its old times',
    act: (service) =>
      keepingTimes(fileOf(service, '1'), () =>
        writeFile(fileOf(service, '1'), '2,8,5\n', { flag: 'a' }),
      ),
    seen: ['1 changed'],
    items: [1, 7, 3],
  },
  {
    what: 'a file whose modification time alone is set',
    act: (service) => utimes(fileOf(service, '1'), 1, 1),
    seen: ['1 changed'],
    items: [1, 2, 3],
  },
  {
    what: 'a file replaced by rename, with the same size',
    act: async (service) => {
      await writeFile(pathOf(service, '1', '.new'), milk(9));
      await rename(pathOf(service, '1', '.new'), fileOf(service, '1'));
    },
    seen: ['1 changed'],
    items: [1, 9, 3],
  },
  {
    what: 'two files that change places',
    act: async (service) => {
      await rename(fileOf(service, '0'), pathOf(service, '.kept'));
      await rename(fileOf(service, '1'), fileOf(service, '0'));
      await rename(pathOf(service, '.kept'), fileOf(service, '1'));
    },
    seen: ['0 changed', '1 changed'],
    items: [2, 1, 3],
  },
  {
    what: 'a second file beside the first',
    act: (service) => service.land('1', milk(5), 'late.csv'),
    seen: ['1 changed'],
    items: [1, 7, 3],
  },
  {
    what: 'a file that becomes one that does not count',
    act: (service) => rename(fileOf(service, '1'), pathOf(service, '1', '_orders.csv')),
    seen: [],
    states: { 1: 'archived' },
    items: [1, 2, 3],
  },
  {
    what: 'a file renamed within its folder',
    act: (service) => rename(fileOf(service, '1'), pathOf(service, '1', 'other.csv')),
    seen: ['1 changed'],
    items: [1, 2, 3],
  },
  {
    what: 'a file that moves to another day',
    act: (service) => rename(fileOf(service, '1'), pathOf(service, '2', 'more.csv')),
    seen: ['2 changed'],
    states: { 1: 'archived' },
    items: [1, 2, 5],
  },
  {
    what: 'a new day',
    act: (service) => service.land('3', milk(4)),
    seen: ['3 new'],
    items: [1, 2, 3, 4],
  },
  {
    what: 'a new day by the rename of a whole folder',
    act: async (service) => {
      await service.land('.landing', milk(4));
      await rename(pathOf(service, '.landing'), pathOf(service, '3'));
    },
    seen: ['3 new'],
    items: [1, 2, 3, 4],
  },
  {
    what: 'a folder removed',
    act: (service) => service.removeRaw('1'),
    seen: [],
    states: { 1: 'archived' },
    items: [1, 2, 3],
  },
  {
    what: 'a folder renamed away and another renamed into its place',
    act: async (service) => {
      await service.land('.landing', milk(9));
      await rename(pathOf(service, '1'), pathOf(service, '.old'));
      await rename(pathOf(service, '.landing'), pathOf(service, '1'));
    },
    seen: ['1 changed'],
    items: [1, 9, 3],
  },
  {
    what: 'two folders that change places',
    act: async (service) => {
      await rename(pathOf(service, '0'), pathOf(service, '.kept'));
      await rename(pathOf(service, '1'), pathOf(service, '0'));
      await rename(pathOf(service, '.kept'), pathOf(service, '1'));
    },
    seen: ['0 changed', '1 changed'],
    items: [2, 1, 3],
  },
  {
    what: 'a folder replaced by a link to another within the root',
    act: async (service) => {
      await service.land('_elsewhere', milk(9));
      await rename(pathOf(service, '1'), pathOf(service, '.old'));
      await symlink('_elsewhere', pathOf(service, '1'));
    },
    seen: ['1 changed'],
    items: [1, 9, 3],
  },
  {
    what: 'a folder replaced by a link out of the root',
    act: async (service) => {
      await rename(pathOf(service, '1'), join(service.root, 'outside'));
      await symlink(join(service.root, 'outside'), pathOf(service, '1'));
    },
    seen: [],
    states: { 1: 'archived' },
    items: [1, 2, 3],
  },
  {
    what: 'a folder replaced by a file',
    act: async (service) => {
      await service.removeRaw('1');
      await writeFile(pathOf(service, '1'), milk(9));
    },
    seen: [],
    states: { 1: 'archived' },
    items: [1, 2, 3],
  },
  {
    what: 'a file replaced by a link to another within the root',
    act: async (service) => {
      await service.land('_elsewhere', milk(9));
      await rm(fileOf(service, '1'));
      await symlink('../_elsewhere/orders.csv', fileOf(service, '1'));
    },
    seen: ['1 changed'],
    items: [1, 9, 3],
  },
  {
    what: 'the root swapped by rename',
    act: async (service) => {
      const next = join(service.root, 'next');
      for (const [day, items] of [
        ['1', 9],
        ['3', 4],
      ] as const) {
        await mkdir(join(next, day), { recursive: true });
        await writeFile(join(next, day, 'orders.csv'), milk(items));
      }
      await rename(service.rawDir, join(service.root, 'old'));
      await rename(next, service.rawDir);
    },
    seen: ['1 changed', '3 new'],
    states: { 0: 'archived', 2: 'archived' },
    items: [1, 9, 3, 4],
  },
  {
    what: 'the root replaced by a link',
    act: async (service) => {
      const next = join(service.root, 'next');
      await mkdir(join(next, '3'), { recursive: true });
      await writeFile(join(next, '3', 'orders.csv'), milk(4));
      await rename(service.rawDir, join(service.root, 'old'));
      await symlink('next', service.rawDir);
    },
    seen: ['3 new'],
    states: { 0: 'archived', 1: 'archived', 2: 'archived' },
    items: [1, 2, 3, 4],
  },
];

/** The next plan, the next listing, and what a run makes of it. */
async function expectSeen(service: TestService, change: Change): Promise<void> {
  expect(await planned(service)).toEqual(change.seen);
  expect(await statesOf(service)).toMatchObject({
    ...Object.fromEntries(change.seen.map((each) => each.split(' '))),
    ...change.states,
  });
  expect((await service.run()).body.status).toBe('succeeded');
  const rows = change.items.map((items, day) => `${day},8,milk,${items}\n`);
  expect(await service.output()).toBe(outputHeader + rows.join(''));
  expect(await planned(service)).toEqual([]);
}

describe.each(changes)('$what', (change) => {
  it('is in the next plan, the next listing, and the next run', async () => {
    const service = await startSteady();
    await change.act(service);
    await expectSeen(service, change);
  });
});

it('all of it is seen after the service sat idle', { timeout: 60_000 }, async () => {
  const services = await Promise.all(changes.map(() => startSteady()));
  const waiting = await startSteady({ DAYMARK_REQUIRE_SUCCESS_FILE: 'true' });
  await waiting.land('3', milk(4));
  // Some of it happens before the idle time, and nobody asks until it is over.
  const early = await startSteady();
  await early.land('3', milk(4));
  await sleep(idleMs);

  await waiting.land('3', '', '_SUCCESS');
  expect(await planned(waiting)).toEqual(['3 new']);
  await writeFile(fileOf(early, '1'), milk(9));
  expect(await planned(early)).toEqual(['1 changed', '3 new']);
  await Promise.all(
    changes.map(async (change, index) => {
      const service = services[index] as TestService;
      await change.act(service);
      await expectSeen(service, change);
    }),
  );
});

describe('a file that is rewritten with the same size and its old times', () => {
  const rewrite = (service: TestService, day: string, items: number) =>
    keepingTimes(fileOf(service, day), () => writeFile(fileOf(service, day), milk(items)));

  it('is read anew where its day is pending', async () => {
    const service = await startSteady();
    await service.land('3', milk(4));
    expect(await planned(service)).toEqual(['3 new']);
    await service.run({ dryRun: true });
    await rewrite(service, '3', 9);
    expect(await planned(service)).toEqual(['3 new']);
    expect((await service.run()).body).toMatchObject({
      days: [{ outcome: 'added', totals: { items_count: 9 } }],
    });
  });

  it('is seen where its day is processed, and read anew', async () => {
    const service = await startSteady();
    await rewrite(service, '1', 9);
    const { body } = await service.get('/v1/days/1');
    expect(body).toMatchObject({
      state: 'changed',
      reason: expect.stringMatching(/touched since/),
    });
    expect((await service.run()).body.days).toMatchObject([{ day: '1', outcome: 'replaced' }]);
    expect(await service.output()).toContain('1,8,milk,9\n');
    expect(await statesOf(service)).toMatchObject({ 1: 'processed' });
  });

  it('is seen by a service that was started meanwhile', async () => {
    const service = await startSteady();
    await service.stop();
    await rewrite(service, '1', 9);
    const next = await startTestService({ root: service.root });
    expect(await planned(next)).toEqual(['1 changed']);
    await next.run();
    expect(await next.output()).toContain('1,8,milk,9\n');
  });

  it.each<[what: string, touch: (path: string) => Promise<unknown>]>([
    [
      'is rewritten with the bytes that it had',
      async (path) => writeFile(path, await readFile(path)),
    ],
    [
      'is restored from a copy, as another inode',
      async (path) => {
        await copyFile(path, `${path}.copy`);
        await rename(`${path}.copy`, path);
      },
    ],
    ['gets other permissions', (path) => chmod(path, 0o600)],
  ])('and %s, is compared once, and comes out unchanged', async (_, touch) => {
    const service = await startSteady();
    await keepingTimes(fileOf(service, '1'), () => touch(fileOf(service, '1')));
    expect(await planned(service)).toEqual(['1 changed']);
    const before = await service.output();
    expect((await service.run()).body.days).toMatchObject([{ day: '1', outcome: 'unchanged' }]);
    expect(await service.output()).toBe(before);
    expect(await planned(service)).toEqual([]);
    await service.stop();
    expect(await planned(await startTestService({ root: service.root }))).toEqual([]);
  });

  it('is not seen where DAYMARK_RAW_CTIME is false, and its day can be asked for by name', async () => {
    const service = await startSteady({ DAYMARK_RAW_CTIME: 'false' });
    await rewrite(service, '1', 9);
    expect(await statesOf(service)).toMatchObject({ 1: 'processed' });
    const { body } = await service.run({ select: 'all', dryRun: true });
    const found = body.days.find(({ day }: { day: string }) => day === '1');
    expect(found).toMatchObject({
      outcome: 'replaced',
      difference: { totalsAfter: { items_count: 9 } },
    });
    expect((await service.run({ days: ['1'] })).body.days).toMatchObject([{ outcome: 'replaced' }]);
    expect(await service.output()).toContain('1,8,milk,9\n');
  });
});

describe('what lies in a day’s folder', () => {
  it('counts in upper case as in lower case', async () => {
    const service = await startSteady();
    await service.land('3', milk(4), 'ORDERS.CSV');
    await service.land('3', milk(5), 'more.csv');
    await writeFile(pathOf(service, '3', 'Rest.Csv.GZ'), gzipSync(milk(6)));
    await service.land('3', 'not a table', '~$ORDERS.CSV');
    expect(await planned(service)).toEqual(['3 new']);
    expect((await service.run()).body.status).toBe('succeeded');
    expect(await service.output()).toContain('3,8,milk,15\n');
  });

  it('and is not read is told at once, and no longer once it is gone', async () => {
    const service = await startSteady();
    const unread = async (day: string) => {
      const { body } = await service.get(`/v1/days/${day}`);
      return [body.state, body.raw.unread.map(({ name }: { name: string }) => name)];
    };
    for (let round = 0; round < 3; round += 1) {
      expect(await unread('1')).toEqual(['processed', []]);
      await service.land('1', milk(9), 'late.csv.part');
      await service.land('1/hour=08', milk(9));
      expect(await unread('1')).toEqual(['processed', ['hour=08', 'late.csv.part']]);
      await rm(pathOf(service, '1', 'late.csv.part'));
      await rm(pathOf(service, '1', 'hour=08'), { recursive: true });
    }
    await service.land('3/hour=08', milk(9));
    expect(await unread('3')).toEqual(['waiting', ['hour=08']]);
  });
});

describe('changes in quick succession', () => {
  it('of files within one tick of the clock are all seen', async () => {
    const service = await startSteady();
    for (let round = 0; round < 30; round += 1) {
      await service.land(`${10 + round}`, milk(1), 'a.csv');
      const { body } = await service.get(`/v1/days/${10 + round}`);
      expect(body.raw.files).toHaveLength(1);
      await service.land(`${10 + round}`, milk(1), 'b.csv');
      expect((await service.get(`/v1/days/${10 + round}`)).body.raw.files).toHaveLength(2);
      await rm(pathOf(service, `${10 + round}`, 'a.csv'));
      const left = (await service.get(`/v1/days/${10 + round}`)).body.raw.files;
      expect(left.map(({ name }: { name: string }) => name)).toEqual(['b.csv']);
    }
  });

  it('of the root within one tick of the clock are all seen', async () => {
    const service = await startSteady();
    for (let round = 0; round < 30; round += 1) {
      await service.land('7', milk(round));
      expect(await planned(service)).toEqual(['7 new']);
      await service.removeRaw('7');
      expect(await planned(service)).toEqual([]);
    }
  });

  it('of a file’s size within one tick of the clock are all seen', async () => {
    const service = await startSteady();
    for (let round = 0; round < 30; round += 1) {
      const text = milk(10 ** (round % 5));
      await writeFile(fileOf(service, '1'), text);
      const { body } = await service.get('/v1/days/1');
      expect(body.raw.files).toMatchObject([{ bytes: text.length }]);
    }
  });

  it('by twenty requests at once are in every answer', async () => {
    const service = await startSteady();
    for (let round = 0; round < 10; round += 1) {
      const day = `${10 + round}`;
      await service.land(day, milk(1));
      const answers = await Promise.all(Array.from({ length: 20 }, () => planned(service)));
      for (const answer of answers) expect(answer).toContain(`${day} new`);
    }
  });
});

describe('_SUCCESS', () => {
  const env = { DAYMARK_REQUIRE_SUCCESS_FILE: 'true' };

  it('that comes makes a day ready at once, and that goes makes it wait', async () => {
    const service = await startSteady(env);
    await service.land('3', milk(4));
    for (let round = 0; round < 10; round += 1) {
      expect(await statesOf(service)).toMatchObject({ 3: 'waiting' });
      await service.land('3', '', '_SUCCESS');
      expect(await planned(service)).toEqual(['3 new']);
      await rm(pathOf(service, '3', '_SUCCESS'));
      expect(await planned(service)).toEqual([]);
    }
  });

  it('that goes from a processed day leaves its rows alone', async () => {
    const service = await startSteady(env);
    await rm(pathOf(service, '1', '_SUCCESS'));
    const { body } = await service.get('/v1/days/1');
    expect(body).toMatchObject({
      state: 'archived',
      reason: 'it waits for the file _SUCCESS in its folder, its rows stay',
    });
    await writeFile(fileOf(service, '1'), milk(9));
    expect(await planned(service)).toEqual([]);
    await service.land('1', '', '_SUCCESS');
    expect(await planned(service)).toEqual(['1 changed']);
  });
});

describe('the root', () => {
  it('that goes is missed at once, and that comes back is seen at once', async () => {
    const service = await startSteady();
    const away = join(service.root, 'away');
    for (let round = 0; round < 3; round += 1) {
      await rename(service.rawDir, away);
      for (const path of ['/v1/plan', '/v1/days', '/v1/checkpoint']) {
        const { status, body } = await service.get(path);
        expect([path, status, body.type]).toEqual([path, 503, '/problems/raw-unavailable']);
      }
      await rename(away, service.rawDir);
      expect(await planned(service)).toEqual([]);
    }
    expect(await readFile(service.folder.output, 'utf8')).toContain('2,8,milk,3\n');
  });
});

describe.skipIf(!canBeRefused)('permissions', () => {
  /** Everything but what a test takes away is open to whoever the service is for the moment. */
  async function startOpen(): Promise<TestService> {
    const service = await startSteady();
    await chmod(service.root, 0o755);
    await rm(service.folder.checkpoint, { force: true });
    const { outputFolder, root, commits, staged, runs, backup } = service.folder;
    for (const path of [outputFolder, root, commits, staged, runs, backup])
      await chmod(path, 0o777);
    return service;
  }

  it('that are taken from the root fail requests, and are back as soon as they are given back', async () => {
    const service = await startOpen();
    for (let round = 0; round < 3; round += 1) {
      await chmod(service.rawDir, 0);
      const { status, body } = await asNobody(() => service.get('/v1/plan'));
      expect([status, body.type]).toEqual([503, '/problems/raw-unavailable']);
      await chmod(service.rawDir, 0o755);
      expect(await asNobody(() => planned(service))).toEqual([]);
    }
  });

  it.each([
    ['that are taken from a folder', 0],
    ['to look at a folder’s files', 0o444],
  ])('%s are noticed at once, and so is their return', async (_, mode) => {
    const service = await startOpen();
    for (let round = 0; round < 3; round += 1) {
      await chmod(pathOf(service, '1'), mode);
      const { body } = await asNobody(() => service.get('/v1/days/1'));
      expect(body).toMatchObject({ state: 'changed', raw: { refused: [{}] } });
      await chmod(pathOf(service, '1'), 0o755);
      const back = await asNobody(() => service.get('/v1/days/1'));
      expect(back.body).toMatchObject({ state: 'processed', raw: { refused: [] } });
    }
  });
});

it('one change among thousands of days is seen, wherever it is', { timeout: 60_000 }, async () => {
  const service = await startTestService();
  const days = Array.from({ length: 3_000 }, (_, day) => `${day}`);
  for (const day of days) await mkdir(pathOf(service, day));
  await Promise.all(['0', '1499', '2999'].map((day) => service.land(day, milk(1))));
  expect(await planned(service)).toEqual(['0 new', '1499 new', '2999 new']);
  await service.run();
  expect(await planned(service)).toEqual([]);
  for (const day of ['0', '31', '32', '1500', '2998', '2999']) {
    await service.land(day, milk(77));
    expect(await planned(service)).toEqual([expect.stringMatching(`^${day} (changed|late)$`)]);
    expect((await service.run()).body.status).toBe('succeeded');
  }
  await service.removeRaw('1500');
  const { body } = await service.get('/v1/days?limit=5000');
  expect(body.days).toHaveLength(3_000);
  expect(await statesOf(service)).toMatchObject({ 1499: 'processed', 1500: 'archived' });
});
