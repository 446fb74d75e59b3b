import { appendFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startService, type TestService } from './support.js';

const days = {
  '0': [{ hour: 8, produce: 2 }],
  '1': [{ hour: 9, produce: 1, dairy: 4 }],
  '4': 'order_hour_of_day,produce\n8,many\n',
};

/** Days 0 and 1 are in the output, 4 failed, 5 waits, and there is something that is no day. */
async function startLived() {
  const test = await startService({ days });
  await test.run();
  await mkdir(join(test.rawDir, '5'));
  await mkdir(join(test.rawDir, 'tmp'));
  return test;
}

describe('GET /v1/days', () => {
  it('lists every day with its state, gaps and what is no day', async () => {
    const { http } = await startLived();
    const { body } = await http.get('/v1/days').expect(200);
    expect(body.days.map(({ day, state }: Record<string, string>) => [day, state])).toEqual([
      ['0', 'processed'],
      ['1', 'processed'],
      ['4', 'new'],
      ['5', 'waiting'],
    ]);
    expect(body.counts).toEqual({
      new: 1,
      late: 0,
      waiting: 1,
      processed: 2,
      changed: 0,
      outdated: 0,
      unverified: 0,
      damaged: 0,
      rewound: 0,
      archived: 0,
    });
    expect(body.gaps).toEqual(['2', '3']);
    expect(body.ignored).toEqual([{ name: 'tmp', reason: expect.any(String), kind: 'folder' }]);
  });

  it('filters by state, and counts all the same', async () => {
    const { http } = await startLived();
    const { body } = await http.get('/v1/days?state=waiting,new').expect(200);
    expect(body.days.map(({ day }: { day: string }) => day)).toEqual(['4', '5']);
    expect(body.counts.processed).toBe(2);
    const refused = await http.get('/v1/days?state=new,old').expect(400);
    expect(refused.body.errors).toMatchObject([{ at: 'state' }]);
  });

  it('lists a thousand gaps at most', async () => {
    const { http, writeDay } = await startService({ days: { '0': days['0'] } });
    await writeDay('5000000', days['0']);
    expect((await http.get('/v1/days').expect(200)).body.gaps).toHaveLength(1000);
  });
});

const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, day) => [String(day), days['0']]));

interface Page {
  readonly days: readonly { readonly day: string; readonly bytes: number }[];
  readonly nextCursor: string | null;
  readonly counts?: Readonly<Record<string, number>>;
  readonly total?: unknown;
}

/** Page after page; `between` is called before each but the first. */
async function allPages(
  http: TestService['http'],
  path: string,
  between: (page: number) => Promise<unknown> = async () => undefined,
) {
  const pages: Page[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await http.get(path + cursor).expect(200);
    pages.push(body);
    if (body.nextCursor === null) break;
    cursor = `&cursor=${body.nextCursor}`;
    await between(pages.length);
  }
  return { pages, days: pages.flatMap((page) => page.days.map(({ day }) => day)) };
}

describe('pages of GET /v1/days', () => {
  it('hold every day once, in either order, and count all days', async () => {
    const { http } = await startService({ days: numbered(11) });
    const names = Object.keys(numbered(11));
    const oldest = await allPages(http, '/v1/days?limit=4');
    expect(oldest.days).toEqual(names);
    expect(oldest.pages.map((page) => page.days.length)).toEqual([4, 4, 3]);
    for (const { counts } of oldest.pages) expect(counts).toMatchObject({ new: 11, waiting: 0 });
    const newest = await allPages(http, '/v1/days?limit=4&order=newest');
    expect(newest.days).toEqual([...names].reverse());
    // A page that is just filled is the last one.
    expect((await allPages(http, '/v1/days?limit=11')).pages).toHaveLength(1);
  });

  it('go with a filter', async () => {
    const { http, rawDir } = await startService({ days: numbered(4) });
    for (const day of ['10', '11', '12']) await mkdir(join(rawDir, day));
    const { days, pages } = await allPages(http, '/v1/days?state=waiting&limit=2');
    expect(days).toEqual(['10', '11', '12']);
    for (const { counts } of pages) expect(counts).toMatchObject({ new: 4, waiting: 3 });
  });

  it.each([
    { order: 'oldest', told: '2', toCome: '8', ahead: '12', behind: '0' },
    { order: 'newest', told: '17', toCome: '11', ahead: '5', behind: '20' },
  ])(
    'repeat no day and lose none that was there throughout, $order first',
    async ({ order, told, toCome, ahead, behind }) => {
      const first = order === 'oldest' ? 1 : 10;
      const there = Array.from({ length: 10 }, (_, index) => String(first + index));
      const { http, rawDir, writeDay } = await startService({
        days: Object.fromEntries(there.map((day) => [day, days['0']])),
      });
      const remove = (day: string) => rm(join(rawDir, day), { recursive: true });
      const found = await allPages(http, `/v1/days?limit=3&order=${order}`, async (page) => {
        if (page === 1) await Promise.all([remove(told), writeDay(behind, days['0'])]);
        if (page === 2) await Promise.all([remove(toCome), writeDay(ahead, days['0'])]);
      });
      const expected = [...there, ahead].filter((day) => day !== toCome).map(Number);
      const direction = order === 'oldest' ? 1 : -1;
      expect(found.days).toEqual(expected.sort((a, b) => direction * (a - b)).map(String));
    },
  );

  it('hold 1,000 days unless asked otherwise', async () => {
    const { http, rawDir } = await startService();
    for (let day = 0; day < 1_001; day += 1) await mkdir(join(rawDir, String(day)));
    const { body } = await http.get('/v1/days').expect(200);
    expect(body.days).toHaveLength(1_000);
    const last = await http.get(`/v1/days?cursor=${body.nextCursor}`).expect(200);
    expect(last.body).toMatchObject({ days: [{ day: '1000' }], nextCursor: null });
  });

  it('tell a thousand entries that are no day, and how many there are', async () => {
    const { http, rawDir } = await startService();
    for (let index = 0; index < 1_003; index += 1) await mkdir(join(rawDir, `odd-${index}`));
    const { body } = await http.get('/v1/days').expect(200);
    expect(body.ignored).toHaveLength(1_000);
    expect(body.ignoredCount).toBe(1_003);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=5001', 'limit'],
    ['order=random', 'order'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=', 'cursor'],
    // A cursor of day 10 that lost its last character, and one with something behind it.
    ['cursor=MT', 'cursor'],
    ['cursor=MQ!', 'cursor'],
  ])('refuse %s', async (query, at) => {
    const { http } = await startService();
    const { body } = await http.get(`/v1/days?${query}`).set('If-None-Match', '*').expect(400);
    expect(body.errors).toMatchObject([{ at }]);
  });
});

describe('the validator of GET /v1/days', () => {
  async function startKnown() {
    const test = await startLived();
    const etagNow = async () => (await test.http.get('/v1/days').expect(200)).headers['etag'];
    // The folders have just been made: for a moment each look reads them again.
    return { ...test, etagNow, known: (await etagNow()) as string };
  }

  it('answers without a body while nothing has changed, in any page', async () => {
    const { http, known, etagNow } = await startKnown();
    expect(await etagNow()).toBe(known);
    for (const query of ['', '?state=new', '?limit=1', '?order=newest']) {
      const answer = await http.get(`/v1/days${query}`).set('If-None-Match', known).expect(304);
      expect(answer.text).toBe('');
      expect(answer.headers).toMatchObject({ etag: known, 'cache-control': 'private, no-cache' });
    }
    await http.get('/v1/days').set('If-None-Match', `W/${known}, "other"`).expect(304);
    await http.get('/v1/days').set('If-None-Match', '"other"').expect(200);
  });

  it.each([
    ['a day comes', ({ rawDir }) => mkdir(join(rawDir, '7'))],
    ['a raw file changes', ({ writeDay }) => writeDay('1', days['0'])],
    ['a day goes', ({ rawDir }) => rm(join(rawDir, '5'), { recursive: true })],
    ['a run fails on a day again', ({ run }) => run()],
    ['an entry comes that is no day', ({ rawDir }) => mkdir(join(rawDir, 'other'))],
    ['days are rewound', ({ http }) => http.delete('/v1/checkpoint').expect(200)],
  ] satisfies [string, (test: TestService) => PromiseLike<unknown>][])(
    'is another one once %s',
    async (_, change) => {
      const test = await startKnown();
      await change(test);
      const answer = await test.http.get('/v1/days').set('If-None-Match', test.known).expect(200);
      expect(answer.headers['etag']).not.toBe(test.known);
      await test.http.get('/v1/days').set('If-None-Match', `${answer.headers['etag']}`).expect(304);
    },
  );

  it('is not that of another process', async () => {
    const [one, other] = [await startService(), await startService()];
    const { headers } = await one.http.get('/v1/days').expect(200);
    await other.http.get('/v1/days').set('If-None-Match', `${headers['etag']}`).expect(200);
  });
});

describe('GET /v1/days/{day}', () => {
  it('tells all about a day that is in the output', async () => {
    const { http, rawDir } = await startLived();
    const { mtimeMs, size } = await stat(join(rawDir, '1', 'orders.csv'));
    const { body } = await http.get('/v1/days/1').expect(200);
    expect(body).toMatchObject({
      day: '1',
      state: 'processed',
      pending: false,
      raw: {
        files: [
          {
            name: 'orders.csv',
            bytes: size,
            modifiedAt: new Date(Math.floor(mtimeMs)).toISOString(),
          },
        ],
        bytes: size,
        ready: true,
        refused: [],
        unread: [],
      },
      output: { rows: 2, totals: { items_count: 5 } },
      commit: { version: 1, engine: 'scan', records: 1 },
      lastRun: { outcome: 'added' },
      lastError: null,
    });
    expect(body.commit.runId).toBe(body.lastRun.id);
  });

  it('tells why a day failed', async () => {
    const { http } = await startLived();
    const { body } = await http.get('/v1/days/4').expect(200);
    expect(body).toMatchObject({
      state: 'new',
      pending: true,
      output: null,
      commit: null,
      lastRun: { outcome: 'failed' },
      lastError: { code: 'raw-invalid', problems: [{ file: 'orders.csv', line: 2 }] },
    });
  });

  it.each(['01', 'x', '%00', '-1'])('refuses %s, which is no day', async (day) => {
    const { http } = await startService();
    const { body } = await http.get(`/v1/days/${day}`).expect(400);
    expect(body.errors).toEqual([
      { at: 'day', message: 'must be a non-negative integer without leading zeros, such as 3' },
    ]);
  });
});

describe('GET /v1/days/{day}/receipt', () => {
  it('proves that a day is committed', async () => {
    const { http } = await startLived();
    const { body: day } = await http.get('/v1/days/1');
    const { body } = await http.get('/v1/days/1/receipt').expect(200);
    expect(body).toEqual({
      day: '1',
      version: 1,
      runId: day.commit.runId,
      committedAt: day.commit.committedAt,
      engine: 'scan',
      records: 1,
      rows: 2,
      totals: { items_count: 5 },
      sha256: day.output.sha256,
      fingerprint: day.raw.files,
      adopted: false,
    });
  });

  it('stays when the raw data goes, and is missing when it changes', async () => {
    const { http, rawDir } = await startLived();
    await rm(join(rawDir, '0'), { recursive: true });
    await http.get('/v1/days/0/receipt').expect(200);
    await appendFile(join(rawDir, '1', 'orders.csv'), '2,9,,1,0\n');
    const { body } = await http.get('/v1/days/1/receipt').expect(404);
    expect(body.detail).toMatch(/^Day 1 is not committed \(changed: /);
  });

  it.each(['4', '5', '6'])(
    'is 404 day-pending for day %s, which is not in the output',
    async (day) => {
      const { http } = await startLived();
      const { body } = await http.get(`/v1/days/${day}/receipt`).expect(404);
      expect(body).toMatchObject({ type: '/problems/day-pending', retryable: true });
    },
  );

  it('is missing for a damaged day that nothing can mend', async () => {
    const { http, rawDir, outputFile } = await startLived();
    await rm(join(rawDir, '1'), { recursive: true });
    await writeFile(
      outputFile,
      'day_of_week,hour_of_day,category,items_count\n0,8,produce,2\n1,9,dairy,5\n',
    );
    const { body } = await http.get('/v1/days/1/receipt').expect(404);
    expect(body.detail).toMatch(/\(damaged: /);
  });

  const before = 'day_of_week,hour_of_day,category,items_count\n0,8,produce,2\n';

  it('is missing for a day that was in the output before Daymark, until it is compared', async () => {
    const { http, outputFile, run } = await startService({ days: { '0': days['0'] } });
    await writeFile(outputFile, before);
    const { body } = await http.get('/v1/days/0/receipt').expect(404);
    expect(body.detail).toMatch(/unverified: its rows are not yet compared with its raw files/);
    await run();
    const after = await http.get('/v1/days/0/receipt').expect(200);
    expect(after.body).toMatchObject({
      adopted: false,
      version: 1,
      engine: 'scan',
      totals: { items_count: 2 },
    });
    expect(after.body.fingerprint).toHaveLength(1);
  });

  it.each([
    ['is trusted', { ADOPT: 'trust' }, true],
    ['has no raw data', {}, false],
  ])('names no raw files of an adopted day that %s', async (_why, settings, withRaw) => {
    const { http, outputFile, rawDir, run } = await startService({
      days: { '0': days['0'] },
      settings,
    });
    if (!withRaw) await rm(join(rawDir, '0'), { recursive: true });
    await writeFile(outputFile, before);
    for (const version of [null, 1]) {
      const { body } = await http.get('/v1/days/0/receipt').expect(200);
      expect(body).toMatchObject({ adopted: true, version, engine: null, fingerprint: [] });
      await run();
    }
  });
});

describe('GET /v1/plan', () => {
  it('tells which days a run would take, and why', async () => {
    const { http } = await startLived();
    const { body } = await http.get('/v1/plan').expect(200);
    expect(body).toEqual({
      select: 'pending',
      days: [
        {
          day: '4',
          state: 'new',
          reason: expect.any(String),
          files: 1,
          bytes: expect.any(Number),
          lastError: expect.objectContaining({ code: 'raw-invalid' }),
        },
      ],
      nextCursor: null,
      total: { days: 1, files: 1, bytes: expect.any(Number) },
      leave: [],
      unknown: [],
      checkpoint: { day: '1', reading: 'embedded' },
      notices: [expect.objectContaining({ code: 'not-days' })],
    });
  });

  it('comes in pages, and sums up all of them', async () => {
    const { http } = await startService({ days: numbered(5) });
    const { days, pages } = await allPages(http, '/v1/plan?limit=2');
    expect(days).toEqual(['0', '1', '2', '3', '4']);
    const bytes = pages.flatMap((page) => page.days).reduce((sum, day) => sum + day.bytes, 0);
    expect(pages.map(({ total }) => total)).toEqual(Array(3).fill({ days: 5, files: 5, bytes }));
  });

  it('takes all, or listed days', async () => {
    const { http } = await startLived();
    const daysOf = async (query: string) => {
      const { body } = await http.get(`/v1/plan?${query}`).expect(200);
      const names = (list: { day: string }[]) => list.map(({ day }) => day);
      return [body.select, names(body.days), names(body.leave), body.unknown];
    };
    expect(await daysOf('select=all')).toEqual(['all', ['0', '1', '4'], [], []]);
    expect(await daysOf('select=new')).toEqual(['new', ['4'], [], []]);
    expect(await daysOf('days=5,1,9')).toEqual(['days', ['1'], ['5'], ['9']]);
  });

  it.each([
    ['select=all&days=1', 'select'],
    ['days=1,x', 'days.1'],
    ['days=', 'days.0'],
    ['select=some', 'select'],
    ['limit=5001', 'limit'],
    ['cursor=nonsense', 'cursor'],
  ])('refuses %s', async (query, at) => {
    const { http } = await startService();
    const { body } = await http.get(`/v1/plan?${query}`).expect(400);
    expect(body.errors).toMatchObject([{ at }]);
  });
});
