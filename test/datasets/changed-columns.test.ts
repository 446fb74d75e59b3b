/** A definition that changes the columns of the output: all of its days in one commit, or none. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer } from '../faults/redis-scene.js';
import { eventually } from '../support/eventually.js';
import type { RawRow, TestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';
import { type DefinitionName, startDefined } from './defined.js';

const milkOf = (count: number): RawRow[] => [[8, { milk: count }]];
const seedOutput =
  'day_of_week,hour_of_day,category,items_count\n0,8,milk,1\n1,8,milk,2\n2,8,milk,3\n';
const columnsOutput = 'day_of_week,hour,orders,milk\n0,8,1,1\n1,8,1,2\n2,8,1,3\n';
const change =
  'has day_of_week,hour,orders,milk instead of day_of_week,hour_of_day,category,items_count';

/** Days 0, 1 and 2 in the columns of `before`; then a service with `after`. */
async function startChanged(
  before: DefinitionName,
  after: DefinitionName,
  prepare: (former: TestService) => Promise<unknown> = async () => {},
) {
  const root = await makeTempDir();
  const former = await startDefined(root, before);
  for (const day of [0, 1, 2]) await former.land(String(day), milkOf(day + 1));
  expect((await former.run()).body).toMatchObject({ status: 'succeeded', commit: 1 });
  await prepare(former);
  await former.stop();
  return startDefined(root, after);
}

const noticeIn = (body: { notices: { code: string; message: string }[] }, code: string) =>
  body.notices.find((notice) => notice.code === code)?.message;

describe('a definition with other columns', () => {
  it('is told before it is carried out, while the output is read by the columns that it has', async () => {
    const service = await startChanged('seed', 'columns');
    const { body: days } = await service.get('/v1/days');
    expect(days.days).toMatchObject(
      ['0', '1', '2'].map((day) => ({ day, state: 'outdated', pending: true })),
    );
    expect(days.days[0].output.totals).toEqual({ items_count: 1 });
    for (const path of ['/v1/days', '/v1/plan', '/v1/checkpoint']) {
      const { body } = await service.get(path);
      expect(noticeIn(body, 'definition-changed'), path).toContain(change);
      expect(noticeIn(body, 'definition-changed')).toContain(
        'The next run rebuilds the whole output',
      );
    }
    const { body: rows } = await service.get('/v1/output?category=milk&from=1');
    expect(rows.rows[0]).toEqual({
      ...{ day_of_week: '1', hour_of_day: 8, category: 'milk', items_count: 2 },
    });
    expect((await service.get('/v1/output?hour=8')).body.errors[0].message).toContain('category');
    const csv = await service.call('GET', '/v1/output?day=2', undefined, { accept: 'text/csv' });
    expect(csv.body).toBe('day_of_week,hour_of_day,category,items_count\n2,8,milk,3\n');
    expect(await service.output()).toBe(seedOutput);
    expect((await service.get('/v1/days/1/receipt')).status).toBe(404);
  });

  it('makes all days in one commit, and is over', async () => {
    const service = await startChanged('seed', 'columns');
    await service.land('3', milkOf(4));
    const { body } = await service.run();
    expect(body).toMatchObject({ status: 'succeeded', commit: 2 });
    expect(body.days.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      ...['replaced', 'replaced', 'replaced', 'added'],
    ]);
    expect(await service.output()).toBe(`${columnsOutput}3,8,1,4\n`);
    const { body: days } = await service.get('/v1/days');
    expect(days.counts).toMatchObject({ processed: 4, outdated: 0 });
    expect(days.days[0].output.totals).toEqual({ orders: 1, milk: 1 });
    expect(noticeIn(days, 'definition-changed')).toBeUndefined();
    expect((await service.get('/v1/output?hour=8&day=1')).body.rows).toEqual([
      { day_of_week: '1', hour: 8, orders: 1, milk: 2 },
    ]);
    expect(await readdir(service.folder.backup)).toEqual([]);
  });

  it.each<[DefinitionName, DefinitionName, string]>([
    ['seed', 'value', 'day_of_week,hour_of_day,category,pieces'],
    ['seed', 'category', 'day_of_week,hour_of_day,product,items_count'],
    ['seed', 'key', 'day_of_week,hour,category,items_count'],
    ['seed', 'dayName', 'weekday,hour_of_day,category,items_count'],
    ['columns', 'measure', 'day_of_week,hour,orders,milk,most'],
    ['columns', 'seed', 'day_of_week,hour_of_day,category,items_count'],
    ['columns', 'type', 'day_of_week,hour,orders,milk'],
    ['seed', 'range', 'day_of_week,hour_of_day,category,items_count'],
  ])('from %s to %s takes all days at once', async (before, after, header) => {
    const service = await startChanged(before, after);
    const part = await service.run({ days: ['1'] });
    expect([part.status, part.body.type]).toEqual([409, '/problems/definition-changed']);
    expect(part.body.detail).toContain('the request leaves out days 0, 2.');
    expect((await service.run()).body).toMatchObject({ status: 'succeeded', commit: 2 });
    const [first, ...rows] = (await service.output()).trimEnd().split('\n');
    expect([first, rows.length]).toEqual([header, 3]);
    expect((await service.get('/v1/verify?wait=30')).body).toMatchObject({ ok: true });
    await service.stop();

    // What the next start finds is what the records say.
    const again = await startDefined(service.root, after);
    expect((await again.get('/v1/days')).body.counts).toMatchObject({ processed: 3 });
    await again.stop();
    const back = await startDefined(service.root, before);
    expect((await back.run()).body).toMatchObject({ status: 'succeeded', commit: 3 });
    expect((await back.get('/v1/verify?wait=30')).body).toMatchObject({ ok: true });
  });

  it('says of which types columns of the same names are', async () => {
    const service = await startChanged('columns', 'type');
    const { body } = await service.get('/v1/plan');
    expect(noticeIn(body, 'definition-changed')).toContain(
      'milk as decimal(38,2) instead of integer',
    );
  });

  it('takes the days one by one, as ever, where the columns stay', async () => {
    const service = await startChanged('seed', 'otherIgnored');
    expect((await service.get('/v1/days')).body.counts).toMatchObject({ outdated: 3 });
    await service.removeRaw('0');
    expect((await service.run({ days: ['1'] })).body).toMatchObject({ status: 'succeeded' });
    expect((await service.get('/v1/days')).body.counts).toMatchObject({
      ...{ processed: 1, outdated: 1, archived: 1 },
    });
  });

  it('is held back by a bad day: nothing is committed, and the run says which', async () => {
    const service = await startChanged('seed', 'columns');
    await service.land('1', 'order_id,order_hour_of_day,milk\n1,8,many\n');
    for (const dryRun of [false, true]) {
      const { status, body } = await service.run({ dryRun });
      expect([status, body.type]).toEqual([409, '/problems/definition-changed']);
      expect(body.detail).toContain('day 1 holds it back');
      expect(body.detail).toContain('Day 1: orders.csv, line 2, column "milk"');
    }
    const { body: runs } = await service.get('/v1/runs?expand=days');
    expect(runs.runs[1]).toMatchObject({
      ...{ status: 'failed', commit: null, error: { type: '/problems/definition-changed' } },
      days: [{ outcome: 'skipped' }, { outcome: 'failed' }, { outcome: 'skipped' }],
    });
    expect(await service.output()).toBe(seedOutput);
    await service.land('1', milkOf(2));
    expect((await service.run()).body).toMatchObject({ status: 'succeeded', commit: 2 });
    expect(await service.output()).toBe(columnsOutput);
  });

  it('is not held back by a bad day that the output does not hold', async () => {
    const service = await startChanged('seed', 'columns');
    await service.land('3', 'order_id,order_hour_of_day,milk\n1,8,many\n');
    const { body } = await service.run();
    expect(body.type).toBe('/problems/run-failed');
    expect(await service.output()).toBe(columnsOutput);
  });

  it('is held back where the run stops at a bad day of no consequence by itself', async () => {
    const service = await startChanged('seed', 'columns');
    await service.land('0', 'order_id,order_hour_of_day,milk\n1,8,many\n');
    const { body } = await service.run({ onDayFailure: 'stop' });
    expect(body.detail).toContain('days 0, 1, 2 hold it back');
    expect(await service.output()).toBe(seedOutput);
  });

  it('is refused while days are archived or wait, and names them', async () => {
    const service = await startChanged('seed', 'columns', async ({ removeRaw, rawDir }) => {
      await removeRaw('0');
      await rm(join(rawDir, '1', 'orders.csv'));
    });
    for (const body of [{}, { select: 'all' }, { days: ['2'] }, { dryRun: true }]) {
      const { status, body: problem } = await service.run(body);
      expect([status, problem.type]).toEqual([409, '/problems/definition-changed']);
      expect(problem.detail).toContain('days 0, 1 cannot be rebuilt');
      expect(problem.detail).toContain(
        'Bring them back, go back to the former definition, or name another output file.',
      );
    }
    expect(noticeIn((await service.get('/v1/plan')).body, 'definition-changed')).toContain(
      'days 0, 1',
    );
    expect((await service.get('/v1/days/0/receipt')).body.totals).toEqual({ items_count: 1 });
    expect((await service.get('/v1/output?category=milk')).body.rows).toHaveLength(3);
    expect(await service.output()).toBe(seedOutput);
    expect(await readdir(service.folder.commits)).toHaveLength(1);

    for (const day of [0, 1]) await service.land(String(day), milkOf(day + 1));
    expect((await service.run()).body).toMatchObject({ status: 'succeeded', commit: 2 });
    expect(await service.output()).toBe(columnsOutput);
  });

  it('names the first of many days', async () => {
    const root = await makeTempDir();
    const former = await startDefined(root, 'seed');
    for (let day = 0; day < 14; day += 1) await former.land(String(day), milkOf(1));
    await former.run();
    for (let day = 0; day < 13; day += 1) await former.removeRaw(String(day));
    await former.stop();
    const service = await startDefined(root, 'columns');
    expect((await service.run()).body.detail).toContain(
      'days 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 3 more',
    );
  });

  it('is not held back by an archived day without rows, whose totals have the new names then', async () => {
    const service = await startChanged('seed', 'columns', async ({ land, run, removeRaw }) => {
      await land('3', [[8, { milk: 0 }]]);
      await run();
      await removeRaw('3');
    });
    expect((await service.run()).body).toMatchObject({ status: 'succeeded' });
    expect(await service.output()).toBe(columnsOutput);
    const { body } = await service.get('/v1/days/3/receipt');
    expect(body.totals).toEqual({ orders: 0, milk: 0 });
  });

  it('changes the header of an output without a day', async () => {
    const root = await makeTempDir();
    const former = await startDefined(root, 'seed');
    await former.land('0', [[8, { milk: 0 }]]);
    await former.run();
    await former.land('0', milkOf(1));
    await former.run();
    await former.land('0', [[8, { milk: 0 }]]);
    await former.run();
    await former.removeRaw('0');
    await former.stop();
    const service = await startDefined(root, 'value', {
      env: { DAYMARK_ALLOW_EMPTY_RAW: 'true' },
    });
    await service.run();
    expect(await service.output()).toBe('day_of_week,hour_of_day,category,pieces\n');
    expect(noticeIn((await service.get('/v1/plan')).body, 'definition-changed')).toBeUndefined();
  });

  it('is over for an output without a day also where its columns keep their names', async () => {
    const root = await makeTempDir();
    const former = await startDefined(root, 'columns');
    await former.land('0', 'order_id,order_hour_of_day,milk\n');
    await former.run();
    await former.removeRaw('0');
    await former.stop();
    const service = await startDefined(root, 'type', {
      env: { DAYMARK_ALLOW_EMPTY_RAW: 'true' },
    });
    expect(noticeIn((await service.get('/v1/plan')).body, 'definition-changed')).toBeDefined();
    await service.run();
    expect(noticeIn((await service.get('/v1/plan')).body, 'definition-changed')).toBeUndefined();
  });

  it('is compared as other rows: every day differs, and nothing is named wrongly', async () => {
    const service = await startChanged('seed', 'value', ({ removeRaw }) => removeRaw('0'));
    const { body } = await service.get('/v1/verify?wait=30');
    expect(body.ok).toBe(false);
    expect(body.days.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      ...['no-raw', 'differs', 'differs'],
    ]);
    expect(body.days[1]).toMatchObject({
      totals: { output: { items_count: 2 }, raw: { pieces: 2 } },
      how: expect.stringContaining('made under another definition'),
    });
  });

  it('leaves a rewind and a foreign edit in the columns that the output has', async () => {
    const service = await startChanged('seed', 'columns');
    expect((await service.call('PUT', '/v1/checkpoint', { day: '1' })).status).toBe(200);
    expect(await service.output()).toBe(seedOutput);
    await writeFile(service.folder.output, seedOutput.replace('1,8,milk,2', '1,8,milk,9'));
    const { body } = await service.get('/v1/days');
    expect(body.days.map(({ state }: { state: string }) => state)).toEqual([
      ...['outdated', 'damaged', 'rewound'],
    ]);
    expect((await service.run()).body).toMatchObject({ status: 'succeeded' });
    expect(await service.output()).toBe(columnsOutput);
    const [kept = ''] = await readdir(service.folder.backup);
    expect(await readFile(join(service.folder.backup, kept), 'utf8')).toContain('1,8,milk,9');
  });

  it('takes a day that someone appended in the former columns for outdated, also where it is trusted', async () => {
    const service = await startChanged('seed', 'columns', async ({ land, folder }) => {
      await land('3', milkOf(4));
      await writeFile(folder.output, `${seedOutput}3,8,milk,4\n`);
    });
    await service.stop();
    const trusting = await startDefined(service.root, 'columns', { adopt: 'trust' });
    expect((await trusting.get('/v1/days')).body.counts).toMatchObject({ outdated: 4 });
    await trusting.run();
    expect(await trusting.output()).toBe(`${columnsOutput}3,8,1,4\n`);
  });

  it('begins again where the output was removed, archived days or not', async () => {
    const service = await startChanged('seed', 'columns', async ({ removeRaw, folder }) => {
      await removeRaw('0');
      await rm(folder.output);
    });
    expect((await service.run()).body.status).toBe('succeeded');
    expect(await service.output()).toBe(columnsOutput.replace('0,8,1,1\n', ''));
  });
});

describe('columns that no record explains', () => {
  it('are refused: of someone else, or once the ledger is lost', async () => {
    const lost = await startChanged('seed', 'columns', ({ folder }) =>
      rm(folder.root, { recursive: true }),
    );
    const foreign = await startChanged('seed', 'columns', ({ folder }) =>
      writeFile(folder.output, 'name,price\nbread,3\n'),
    );
    for (const service of [lost, foreign]) {
      const before = await service.output();
      const { status, body } = await service.run();
      expect([status, body.type]).toEqual([409, '/problems/output-unreadable']);
      expect(body.detail).toContain('not day_of_week,hour,orders,milk');
      expect(await service.output()).toBe(before);
    }
    await lost.stop();
    const back = await startDefined(lost.root, 'seed');
    expect((await back.run()).body.status).toBe('succeeded');
    expect(await back.output()).toBe(seedOutput);
  });

  it('need none once the change is published, though the ledger is lost then', async () => {
    const service = await startChanged('seed', 'columns');
    await service.run();
    await service.stop();
    await rm(service.folder.root, { recursive: true });
    const next = await startDefined(service.root, 'columns');
    expect((await next.get('/v1/days')).body.counts).toMatchObject({ unverified: 3 });
    expect((await next.run()).body.status).toBe('succeeded');
    expect(await next.output()).toBe(columnsOutput);
  });
});

describe('a service with the former definition that still runs', () => {
  async function startBoth() {
    const older = await startChanged('seed', 'seed');
    const newer = await startDefined(older.root, 'columns');
    return { older, newer };
  }

  it('is overtaken: it commits no day, says so, and reads by the new columns', async () => {
    const { older, newer } = await startBoth();
    expect((await newer.run()).body).toMatchObject({ status: 'succeeded', commit: 2 });
    await older.land('3', milkOf(4));
    for (const body of [{}, { select: 'all' }, { days: ['3'] }]) {
      const { status, body: problem } = await older.run(body);
      expect([status, problem.type]).toEqual([409, '/problems/definition-changed']);
      expect(problem.detail).toContain('Another service has changed the output’s columns');
      expect(problem.detail).toContain('version 2 (run ');
    }
    expect(noticeIn((await older.get('/v1/plan')).body, 'other-definition')).toContain('Stop it');
    expect((await older.get('/health/ready')).body.status).toBe('degraded');
    expect((await older.get('/v1/output?hour=8&day=1')).body.rows).toEqual([
      { day_of_week: '1', hour: 8, orders: 1, milk: 2 },
    ]);
    expect(await newer.output()).toBe(columnsOutput);
    expect((await newer.run()).body).toMatchObject({ status: 'succeeded', commit: 3 });
    expect(await newer.output()).toBe(`${columnsOutput}3,8,1,4\n`);
    expect(noticeIn((await newer.get('/v1/plan')).body, 'definition-changed')).toBeUndefined();
  });

  it('may commit until then, and what it made is made again', async () => {
    const { older, newer } = await startBoth();
    await older.land('3', milkOf(4));
    expect((await older.run()).body).toMatchObject({ status: 'succeeded', commit: 2 });
    expect((await newer.get('/v1/days')).body.counts).toMatchObject({ outdated: 4 });
    expect((await newer.run()).body).toMatchObject({ status: 'succeeded', commit: 3 });
    expect(await newer.output()).toBe(`${columnsOutput}3,8,1,4\n`);
  });

  it('changes the output back once it is started again, and then the other one is overtaken', async () => {
    const { older, newer } = await startBoth();
    await newer.run();
    await older.stop();
    const back = await startDefined(older.root, 'seed');
    expect(noticeIn((await back.get('/v1/plan')).body, 'definition-changed')).toContain(
      'The next run',
    );
    expect((await back.run()).body).toMatchObject({ status: 'succeeded', commit: 3 });
    expect(await back.output()).toBe(seedOutput);
    expect((await newer.run()).body.type).toBe('/problems/definition-changed');
    expect(await back.output()).toBe(seedOutput);
  });

  it('is told so by the look of its page and its metrics alike', async () => {
    const { older, newer } = await startBoth();
    await newer.run();
    await older.get('/v1/days');
    await eventually(async () => {
      const { body } = await older.get('/metrics');
      expect(body).toMatch(/daymark_notices\{[^}]*other-definition[^}]*\} 1/);
    });
  });
});

it('needs no Redis: what it held is lost in mid-change, and put right', async () => {
  const redis = await startServer();
  const env = { DAYMARK_REDIS_URL: redis.url };
  const root = await makeTempDir();
  const former = await startDefined(root, 'seed', { env });
  for (const day of [0, 1, 2]) await former.land(String(day), milkOf(day + 1));
  await former.run();
  await former.stop();
  const service = await startDefined(root, 'columns', { env });
  await redis.command('FLUSHALL');
  expect((await service.get('/v1/checkpoint')).body).toMatchObject({ day: '2' });
  await redis.command('FLUSHALL');
  expect((await service.run()).body).toMatchObject({
    ...{ status: 'succeeded', commit: 2, checkpoint: { before: '2', after: '2' } },
  });
  expect(await service.output()).toBe(columnsOutput);
  expect((await service.get('/v1/checkpoint')).body).toMatchObject({ reading: 'in-sync' });
});
