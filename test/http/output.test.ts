import { readdir, readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';
import { startService, type TestService } from './support.js';

const days = {
  '0': [
    { hour: 8, produce: 2 },
    { hour: 9, produce: 1, dairy: 4 },
  ],
  '1': [{ hour: 9, produce: 3, dairy: 1 }],
};
const allRows = [
  { day_of_week: '0', hour_of_day: 8, category: 'produce', items_count: 2 },
  { day_of_week: '0', hour_of_day: 9, category: 'dairy', items_count: 4 },
  { day_of_week: '0', hour_of_day: 9, category: 'produce', items_count: 1 },
  { day_of_week: '1', hour_of_day: 9, category: 'dairy', items_count: 1 },
  { day_of_week: '1', hour_of_day: 9, category: 'produce', items_count: 3 },
];

async function startFilled(): Promise<TestService> {
  const test = await startService({ days });
  await test.run();
  return test;
}

describe('GET /v1/output as JSON', () => {
  it('gives all rows in order', async () => {
    const { http } = await startFilled();
    const { body, headers } = await http.get('/v1/output').expect(200);
    expect(body).toEqual({ rows: allRows, nextCursor: null });
    expect(headers['vary']).toBe('accept');
  });

  it('gives none where there is no output', async () => {
    const { http } = await startService();
    const { body } = await http.get('/v1/output').expect(200);
    expect(body).toEqual({ rows: [], nextCursor: null });
  });

  it.each([
    ['day=1', allRows.slice(3)],
    ['hour_of_day=8', allRows.slice(0, 1)],
    ['category=dairy', [allRows[1], allRows[3]]],
    ['day=0&hour_of_day=9&category=produce', [allRows[2]]],
    ['day=7', []],
    ['from=1', allRows.slice(3)],
    ['to=0', allRows.slice(0, 3)],
    ['from=0&to=0&category=produce', [allRows[0], allRows[2]]],
    ['from=1&to=0', []],
    ['from=2', []],
  ])('filters by %s', async (query, rows) => {
    const { http } = await startFilled();
    const { body } = await http.get(`/v1/output?${query}`).expect(200);
    expect(body).toEqual({ rows, nextCursor: null });
  });

  it('pages through', async () => {
    const { http } = await startFilled();
    const seen: unknown[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 10; pages += 1) {
      const { body } = await http.get(`/v1/output?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(body.rows.length).toBeLessThanOrEqual(2);
      seen.push(...body.rows);
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(allRows);
  });

  it.each([
    ['day=01', 'day'],
    ['hour_of_day=24', 'hour_of_day'],
    ['hour_of_day=08.5', 'hour_of_day'],
    ['from=x', 'from'],
    ['to=1&to=1', 'to'],
    ['items_count=2', 'items_count'],
    ['limit=10001', 'limit'],
    ['category=a&category=b', 'category'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${Buffer.from('["x",3,"a"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('["1",30,"a"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('{"day":"1"}').toString('base64url')}`, 'cursor'],
    ['sort=items', 'sort'],
  ])('refuses %s', async (query, at) => {
    const { http } = await startFilled();
    const { body } = await http.get(`/v1/output?${query}`).expect(400);
    expect(body.errors).toMatchObject([{ at }]);
  });
});

it('an unknown column is told with those that there are', async () => {
  const { http } = await startFilled();
  const { body } = await http.get('/v1/output?hour=8').expect(400);
  expect(body.errors).toEqual([
    {
      at: 'hour',
      message: 'is not known here; known: day, from, to, hour_of_day, category, limit, cursor',
    },
  ]);
});

describe('GET /v1/output as CSV', () => {
  it('streams the file itself', async () => {
    const { http, outputFile } = await startFilled();
    const response = await http.get('/v1/output').accept('text/csv').expect(200);
    const file = await readFile(outputFile, 'utf8');
    expect(response.text).toBe(file);
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-length': String(Buffer.byteLength(file)),
      'content-disposition': 'attachment; filename=orders.csv',
      'cache-control': 'no-cache',
      etag: expect.stringMatching(/^"[^"]+"$/),
    });
  });

  it.each([
    ['Umsätze.csv', `attachment; filename="Ums?tze.csv"; filename*=UTF-8''Ums%C3%A4tze.csv`],
    ['a "b".csv', String.raw`attachment; filename="a \"b\".csv"`],
  ])('is called %j, whoever reads the header', async (name, expected) => {
    const outputFile = join(await makeTempDir(), name);
    const { http, run } = await startService({ days, settings: { OUTPUT_FILE: outputFile } });
    await run();
    const { headers } = await http.get('/v1/output').accept('text/csv').expect(200);
    expect(headers['content-disposition']).toBe(expected);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const { http } = await startFilled();
    const get = await http.get('/v1/output').accept('text/csv').expect(200);
    const head = await http.head('/v1/output').accept('text/csv').expect(200);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    expect(head.headers['etag']).toBe(get.headers['etag']);
    expect(head.text ?? '').toBe('');
  });

  it('answers 304 while the file is the one that the client has', async () => {
    const { http, run, writeDay } = await startFilled();
    const { etag } = (await http.get('/v1/output').accept('text/csv')).headers;
    const ask = (tags: string) =>
      http.get('/v1/output').accept('text/csv').set('If-None-Match', tags);
    await ask(String(etag)).expect(304);
    await ask(`"other", W/${etag}`).expect(304);
    await ask('*').expect(304);
    await ask('"other"').expect(200);
    await writeDay('2', [{ hour: 1, dairy: 1 }]);
    await run();
    await ask(String(etag)).expect(200);
  });

  it.each([
    ['category=dairy', '0,9,dairy,4\n1,9,dairy,1\n'],
    ['day=0&hour_of_day=9', '0,9,dairy,4\n0,9,produce,1\n'],
    ['from=1', '1,9,dairy,1\n1,9,produce,3\n'],
    ['to=0&category=produce', '0,8,produce,2\n0,9,produce,1\n'],
    ['category=nothing', ''],
  ])('is filtered by %s', async (query, rows) => {
    const { http } = await startFilled();
    const { text, headers } = await http.get(`/v1/output?${query}`).accept('text/csv').expect(200);
    expect(text).toBe(`day_of_week,hour_of_day,category,items_count\n${rows}`);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename=orders.csv',
    });
    expect(headers).not.toHaveProperty('etag');
    const head = await http.head(`/v1/output?${query}`).accept('text/csv').expect(200);
    expect(head.headers['content-type']).toBe(headers['content-type']);
    expect(head.text ?? '').toBe('');
  });

  it('is filtered whole, however many pages its rows would fill', async () => {
    const { http, outputFile } = await startService();
    const header = 'day_of_week,hour_of_day,category,items_count\n';
    const names = Array.from({ length: 11_000 }, (_, row) => `${10_000 + row}${'x'.repeat(400)}`);
    const rowsOf = (day: string) => names.map((name) => `${day},8,"${name},",1\n`).join('');
    await writeFile(`${outputFile}.new`, header + rowsOf('0') + rowsOf('1') + rowsOf('2'));
    await rename(`${outputFile}.new`, outputFile);
    const { text } = await http
      .get('/v1/output?from=1&hour_of_day=8')
      .accept('text/csv')
      .expect(200);
    expect(text === header + rowsOf('1') + rowsOf('2')).toBe(true);
  });

  it('breaks off where the output is replaced meanwhile, and mixes no versions', async () => {
    const { outputFile, service } = await startService();
    const header = 'day_of_week,hour_of_day,category,items_count\n';
    const replaceBy = async (count: number) => {
      const names = Array.from({ length: 11_000 }, (_, row) => 10_000 + row);
      const rows = names.map((name) => `0,8,${name},${count}\n`);
      await writeFile(`${outputFile}.new`, header + rows.join(''));
      await rename(`${outputFile}.new`, outputFile);
    };
    await replaceBy(1);
    const filter = {
      ...{ day: null, from: null, to: null, keys: new Map([[0, '8']]) },
      ...{ limit: 1, behind: null },
    };
    const blocks = await service.controlPlane.csv(() => filter, new AbortController().signal);
    const reading = blocks?.[Symbol.asyncIterator]();
    expect((await reading?.next())?.value?.toString()).toBe(header);
    expect((await reading?.next())?.value?.toString()).toMatch(/^0,8,10000,1\n/);
    await replaceBy(2);
    await expect(reading?.next()).rejects.toMatchObject({ slug: 'output-unavailable' });
  });

  it('is 404 with filters, too, where there is no output', async () => {
    const { http } = await startService();
    const { body } = await http.get('/v1/output?day=0').accept('text/csv').expect(404);
    expect(body.type).toBe('/problems/output-absent');
  });

  it.each([
    ['day=1&limit=2&cursor=x', ['limit', 'cursor']],
    ['sort=items', ['sort']],
    ['hour_of_day=24', ['hour_of_day']],
  ])('refuses %s', async (query, places) => {
    const { http } = await startFilled();
    const { body } = await http.get(`/v1/output?${query}`).accept('text/csv').expect(400);
    expect(body.errors.map(({ at }: { at: string }) => at)).toEqual(places);
  });

  it('lets go of the file when the client goes away', async () => {
    const { address, outputFile, http } = await startService();
    const header = 'day_of_week,hour_of_day,category,items_count\n';
    const rows = Array.from(
      { length: 20_000 },
      (_, row) => `0,8,${'x'.repeat(400)}${row},1\n`,
    ).sort();
    await writeFile(`${outputFile}.new`, header + rows.join(''));
    await rename(`${outputFile}.new`, outputFile);
    await http.get('/v1/checkpoint').expect(200);
    await new Promise<void>((resolve) => {
      const asked = request(`${address}/v1/output`, { headers: { accept: 'text/csv' } });
      asked.on('response', (response) => {
        response.once('data', () => {
          asked.destroy();
          resolve();
        });
      });
      asked.on('error', () => {});
      asked.end();
    });
    await eventually(async () => expect(await openFiles()).not.toContain(outputFile));
  });
});

async function openFiles(): Promise<string[]> {
  const links = await readdir('/proc/self/fd');
  return Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')));
}

describe('the media type of GET /v1/output', () => {
  it.each([
    ['*/*', 'application/json'],
    ['text/csv, application/json;q=0.9', 'text/csv'],
  ])('for %s is %s', async (accept, type) => {
    const { http } = await startFilled();
    const response = await http.get('/v1/output').accept(accept).expect(200);
    expect(response.type).toBe(type);
  });
});
