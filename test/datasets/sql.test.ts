/** A dataset of `sql` in a service: days, runs, changes of the definition, and what is wrong with a day. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declaredWithSql } from '../support/declared-sql.js';
import { startTestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

const basket = `
datasets:
  basket:
    raw: landing/basket_{day:yyyyMMdd}.csv
    day: date
    csv: { delimiter: ";", nulls: ["", "NA"] }
    columns: { store: text, sku: text, pieces: "integer?" }
    sql: |
      select store, count(distinct sku) skus, sum(pieces) pieces
      from day group by store
    by: [store]
    output: out/basket.csv
`;

const withSql = (sql: string) => basket.replace(/sql: .*group by store\n/s, `sql: ${sql}\n`);

const header = 'store;sku;pieces';

async function startBasket({ root, text = basket }: { root?: string; text?: string } = {}) {
  const base = root ?? (await makeTempDir());
  await mkdir(join(base, 'landing'), { recursive: true });
  const datasets = await declaredWithSql(join(base, 'daymark.yaml'), text);
  const service = await startTestService({ root: base, datasets });
  const land = async (day: string, rows: readonly string[]) => {
    const path = join(base, 'landing', `basket_${day.replaceAll('-', '')}.csv`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, [header, ...rows, ''].join('\n'));
  };
  const output = () => readFile(join(base, 'out', 'basket.csv'), 'utf8');
  return { ...service, root: base, land, output };
}

const [first, second] = ['2026-11-21', '2026-11-22'];

describe('a dataset of sql', () => {
  it('has the rows that the SELECT gives, in the order of the output', async () => {
    const { land, run, output, get, root } = await startBasket();
    await land(first, ['South;tea;2', 'North;tea;10', 'North;rice;3.0', 'North;tea;NA']);
    await land(second, ['"North; upper";tea;007', ';tea;1']);
    await land(second, ['"North; upper";tea;007']);
    const { body } = await run();
    expect(body).toMatchObject({ status: 'succeeded', commit: 1 });
    expect(await output()).toBe(
      'date,store,skus,pieces\n2026-11-21,North,2,13\n2026-11-21,South,1,2\n2026-11-22,North; upper,1,7\n',
    );
    const { body: days } = await get('/v1/days');
    expect(days.days).toMatchObject([
      { day: first, state: 'processed', output: { totals: { pieces: 15 } } },
      { day: second, state: 'processed' },
    ]);
    expect((await get('/v1/output?store=South')).body.rows).toEqual([
      { date: first, store: 'South', skus: 1, pieces: 2 },
    ]);
    expect((await get('/v1/verify?wait=30')).body).toMatchObject({ ok: true });
    expect(await readdir(join(root, 'out/_daymark/basket.csv/rows'))).toEqual([]);
  });

  it('has a row for no rows at all, where the SELECT says so', async () => {
    const text = withSql('select count(*) as n from day').replace(/ *by: .*\n/, '');
    const { land, run, output } = await startBasket({ text });
    await land(first, []);
    await land(second, ['South;tea;1', 'South;tea;2']);
    expect((await run()).body).toMatchObject({ status: 'succeeded' });
    expect(await output()).toBe('date,n\n2026-11-21,0\n2026-11-22,2\n');
  });

  it('fails a day in the words of the reference', async () => {
    const { land, run, get } = await startBasket();
    await land(first, ['North;tea;1', 'North;tea;1.5', ';rice;2']);
    const { body } = await run();
    expect(body.type).toBe('/problems/run-failed');
    const { body: failed } = await get(`/v1/runs/${body.runId}`);
    expect(failed.days[0].error).toMatchObject({ code: 'raw-invalid', problemCount: 2 });
    const file = 'basket_20261121.csv';
    expect(failed.days[0].error.problems).toMatchObject([
      { file, line: 3, column: 'pieces', value: '1.5' },
      { file, line: 4, column: 'store', value: '' },
    ]);
  });

  it.each([
    [
      'a key twice',
      'select store, sku, count(*) n from day group by all',
      { column: null, message: 'the result of sql has two rows for store "North"' },
    ],
    [
      'more digits than an integer has',
      'select store, sum(pieces) * 9223372036854775807 n from day group by all',
      { column: 'n', value: '18446744073709551614', message: 'n::decimal(38,0)' },
    ],
    [
      'a cell that cannot be cast',
      'select store, max(sku)::integer n from day group by all',
      { column: null, message: "sql fails on its rows: Could not convert string 'tea' to INT32" },
    ],
    [
      'a time beyond the years of four digits',
      "select store, timestamp '9999-12-31' + interval 1 day n from day group by all",
      { column: 'n', value: '10000-01-01 00:00:00', message: 'a moment in UTC' },
    ],
    [
      'a text with NUL',
      'select store, chr(0) || max(sku) n from day group by all',
      { column: 'n', message: 'a text of 1 MiB at most, without NUL' },
    ],
    [
      'a text that is too long',
      "select store, repeat('x', 2000000) n from day group by all",
      { column: 'n', message: 'a text of 1 MiB at most, without NUL' },
    ],
  ])('fails a day for %s', async (_, sql, told) => {
    const text = withSql(sql);
    const { land, run, get, output } = await startBasket({ text });
    await land(first, ['North;tea;1', 'North;rice;1']);
    await land(second, []);
    const { body } = await run();
    expect(body).toMatchObject({ type: '/problems/run-failed' });
    const { body: failed } = await get(`/v1/runs/${body.runId}`);
    const { error } = failed.days[0];
    expect(error.code).toBe('raw-invalid');
    const { message, ...place } = told;
    expect(error.problems[0]).toMatchObject({ file: 'basket_20261121.csv', ...place });
    expect(error.problems[0].message).toContain(message);
    expect(await output()).toMatch(/^date,store,.*n\n$/);
  });

  it('keeps the empty key apart, and first', async () => {
    const sql = "select nullif(store, 'none') store, count(*) n from day group by all";
    const text = withSql(sql);
    const { land, run, output } = await startBasket({ text });
    await land(first, ['b;x;1', 'none;x;1', 'Z;x;1', 'ä;x;1']);
    expect((await run()).body).toMatchObject({ status: 'succeeded' });
    expect(await output()).toBe(
      'date,store,n\n2026-11-21,,1\n2026-11-21,Z,1\n2026-11-21,b,1\n2026-11-21,ä,1\n',
    );
  });

  it('marks the days of another SELECT, and makes them again one by one', async () => {
    const former = await startBasket();
    await former.land(first, ['North;tea;1']);
    await former.land(second, ['North;tea;2']);
    expect((await former.run()).body).toMatchObject({ status: 'succeeded' });
    await former.stop();
    const text = basket.replace('from day', 'from day where pieces > 1');
    const { root } = former;
    const service = await startBasket({ root, text });
    expect((await service.get('/v1/days')).body.counts).toMatchObject({ outdated: 2 });
    expect((await service.run({ days: [second] })).body).toMatchObject({ status: 'succeeded' });
    expect((await service.get('/v1/days')).body.counts).toMatchObject({
      outdated: 1,
      processed: 1,
    });
    expect((await service.run()).body).toMatchObject({ status: 'succeeded' });
    expect(await service.output()).toBe('date,store,skus,pieces\n2026-11-22,North,1,2\n');
  });

  it('changes all days at once where the result has other columns', async () => {
    const former = await startBasket();
    await former.land(first, ['North;tea;1']);
    await former.land(second, ['North;tea;2']);
    expect((await former.run()).body).toMatchObject({ status: 'succeeded' });
    await former.stop();
    const text = basket.replace('sum(pieces) pieces', 'sum(pieces)::decimal(12,2) pieces');
    const service = await startBasket({ root: former.root, text });
    const part = await service.run({ days: [second] });
    expect([part.status, part.body.type]).toEqual([409, '/problems/definition-changed']);
    expect(part.body.detail).toContain('pieces as decimal(12,2)? instead of integer?');
    expect((await service.run()).body).toMatchObject({ status: 'succeeded', commit: 2 });
    expect(await service.output()).toBe(
      'date,store,skus,pieces\n2026-11-21,North,1,1.00\n2026-11-22,North,1,2.00\n',
    );
  });

  it('is run by DuckDB alone, and says so', async () => {
    const { land, run } = await startBasket();
    await land(first, ['North;tea;1']);
    for (const engine of ['csv', 'scan']) {
      const { body } = await run({ engine });
      expect(body.type).toBe('/problems/engine-unavailable');
      expect(body.detail).toContain('There are: duckdb.');
    }
    expect((await run({ engine: 'duckdb' })).body).toMatchObject({ status: 'succeeded' });
  });
});
