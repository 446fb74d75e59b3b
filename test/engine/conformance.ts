/** What every engine promises, told by tables that each must pass to the line and column. */
import { readdir, readlink, symlink, unlink } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../src/core/ports/engine.js';
import { parseCsv } from '../faults/bad-input-oracle.js';
import { countedOf } from '../support/counted.js';
import { badTables } from './bad-tables.js';
import { goodTables } from './good-tables.js';
import { type Contents, ignoredColumns, type JobOptions, jobOver, writeFiles } from './job.js';
import { h, problem, type Row } from './words.js';

const emptyTexts: readonly [what: string, text: string][] = [
  ['an empty file', ''],
  ['a file that is only a byte order mark', '\ufeff'],
  ['a file of nothing but line ends', '\n\r\n'],
];

export function conformance(engine: Engine): void {
  promisesOfTables(engine);
  promisesWhileReading(engine);
}

/** Tests that may run side by side. */
export function promisesOfTables(engine: Engine): void {
  async function aggregate(contents: Contents, options?: JobOptions) {
    return engine.aggregate(jobOver(await writeFiles(contents), options));
  }

  async function allOf(contents: Contents, options?: JobOptions) {
    const result = await aggregate(contents, options);
    if (result.kind === 'rejected') throw new Error(JSON.stringify(result.problems, null, 2));
    const rows = result.rows
      .map(countedOf)
      .map(({ hour, category, items }): Row => [hour, category, items]);
    return { orders: result.records, rows, files: result.files };
  }

  async function rowsOf(contents: Contents, options?: JobOptions) {
    const { orders, rows } = await allOf(contents, options);
    return { orders, rows };
  }

  async function problemsOf(contents: Contents, options?: JobOptions) {
    const result = await aggregate(contents, options);
    if (result.kind === 'aggregated') throw new Error('the day was accepted');
    return result;
  }

  describe('accepts', () => {
    test.each(goodTables)('%s', async (_, text, orders, rows) => {
      const header = parseCsv(text.replace(/^\ufeff+/, ''))?.[0] ?? [];
      const facts = {
        textBytes: Buffer.byteLength(text),
        rows: orders,
        endsWithLineFeed: text.endsWith('\n'),
        columns: header.filter((name) => !ignoredColumns.has(name)),
      };
      const names = ['a.csv', 'a.csv.gz'];
      expect(await Promise.all(names.map((name) => allOf({ [name]: text })))).toEqual(
        names.map((name) => ({ orders, rows, files: [{ name, ...facts }] })),
      );
    });

    test('files of one day with different columns: the union counts', async () => {
      const contents = {
        'a.csv': `${h},x,y\n5,1,2\n`,
        'b.csv.gz': `z,${h},x\n7,5,10\n`,
        'c.csv': `${h},z\n6,1\n`,
      };
      const rows = [
        [5, 'x', 11],
        [5, 'y', 2],
        [5, 'z', 7],
        [6, 'z', 1],
      ];
      expect(await rowsOf(contents)).toEqual({ orders: 3, rows });
    });

    test('the date layout, whose day column is order_date', async () => {
      const options = { layout: 'date', day: '2026-11-23' } as const;
      const text = `order_date,order_dow,${h},x\n2026-11-23,1,5,2\n`;
      expect(await rowsOf({ 'a.csv': text }, options)).toEqual({ orders: 1, rows: [[5, 'x', 2]] });
    });

    test('rows told apart by two columns, one of which may be below 0', async () => {
      const by = [
        { name: 'hour_of_day', column: h, least: 0, most: 23 },
        { name: 'shift', column: 'shift', least: -1, most: 1 },
      ];
      const contents = { 'a.csv': `shift,x,${h}\n-1,2,8.0\n1,3,08\n-1,4,8\n0,1,5\n` };
      const result = await aggregate(contents, { definition: { by } });
      expect(result).toMatchObject({
        records: 4,
        rows: [
          { key: ['5', '0', 'x'], values: ['1'] },
          { key: ['8', '-1', 'x'], values: ['6'] },
          { key: ['8', '1', 'x'], values: ['3'] },
        ],
      });
    });

    test('rows told apart by nothing but the day, and a store that is counted up to 40', async () => {
      const text = `order_dow,store,x\n3,40,1\n3,7,2\n3,07,3\n`;
      const ignore = { ignoredColumns: new Set(['store']) };
      const none = await aggregate({ 'a.csv': text }, { ...ignore, definition: { by: [] } });
      expect(none).toMatchObject({ records: 3, rows: [{ key: ['x'], values: ['6'] }] });
      const by = [{ name: 'store', column: 'store', least: 1, most: 40 }];
      expect(await aggregate({ 'a.csv': text }, { definition: { by } })).toMatchObject({
        rows: [
          { key: ['7', 'x'], values: ['5'] },
          { key: ['40', 'x'], values: ['1'] },
        ],
      });
    });

    test('other ignored columns, as configured; the day and hour columns are never categories', async () => {
      const ignored = { ignoredColumns: new Set(['y']) };
      const text = `order_id,order_dow,${h},x,y\n7,3,5,2,abc\n`;
      const rows = [
        [5, 'order_id', 7],
        [5, 'x', 2],
      ];
      expect(await rowsOf({ 'a.csv': text }, ignored)).toEqual({ orders: 1, rows });
    });

    test('several gzip members, and zero bytes after the last', async () => {
      const members = [gzipSync(`${h},x\n5,`), gzipSync('2\n5,1\n'), Buffer.alloc(700)];
      const rows = [[5, 'x', 3]];
      expect(await rowsOf({ 'a.csv.gz': Buffer.concat(members) })).toEqual({ orders: 2, rows });
    });

    test('and tells of each file in the order of names', async () => {
      const long = `${h},x,y\n${'5,1,0\n'.repeat(100_000)}`;
      const contents = {
        'a.csv': `${h},y,order_id,x\n5,1,7,2`,
        'b.csv.gz': Buffer.concat([gzipSync(`${h}\n`), gzipSync('5\n6\n')]),
        'c.csv': long,
        'd.csv': long.slice(0, -1),
        'e.csv': '',
        'f.csv': '\ufeff',
        'g.csv': `${h}\n5\n6`,
      };
      const told = (
        name: string,
        textBytes: number,
        rows: number,
        ends: boolean,
        ...columns: string[]
      ) => ({
        ...{ name, textBytes, rows, endsWithLineFeed: ends, columns },
      });
      expect((await allOf(contents)).files).toEqual([
        told('a.csv', contents['a.csv'].length, 1, false, 'y', 'x'),
        told('b.csv.gz', h.length + 5, 2, true),
        told('c.csv', long.length, 100_000, true, 'x', 'y'),
        told('d.csv', long.length - 1, 100_000, false, 'x', 'y'),
        told('e.csv', 0, 0, false),
        told('f.csv', 3, 0, false),
        told('g.csv', h.length + 4, 2, false),
      ]);
    });

    test.each(emptyTexts)('%s beside a file with a header', async (_, text) => {
      const other = `${h},x\n5,2\n`;
      const rows = { orders: 1, rows: [[5, 'x', 2]] };
      const days = [
        { 'a.csv': text, 'b.csv': other },
        { 'b.csv': other, 'c.csv.gz': text },
        { 'a.csv': text, 'b.csv': `${h},x\n` },
      ];
      const found = await Promise.all(days.map((day) => rowsOf(day)));
      expect(found).toEqual([rows, rows, { orders: 0, rows: [] }]);
    });

    test.each(emptyTexts)('%s beside _SUCCESS', async (_, text) => {
      const nothing = { orders: 0, rows: [] };
      const days = [{ 'a.csv': text }, { 'a.csv.gz': text }];
      const found = await Promise.all(days.map((day) => rowsOf(day, { complete: true })));
      expect(found).toEqual([nothing, nothing]);
    });

    test('names that are ignored as they are, whatever they resemble', async () => {
      const ignored = ['Order_ID', 'Unnamed: 0', 'order_dow\u200b', 'order_id'];
      const options = { ignoredColumns: new Set(ignored) };
      const text = `Order_ID,Unnamed: 0,order_dow\u200b,${h},x\n7,8,9,5,2\n`;
      expect(await rowsOf({ 'a.csv': text }, options)).toEqual({ orders: 1, rows: [[5, 'x', 2]] });
    });

    test('names that are signs, one of which is ignored', async () => {
      const options = { ignoredColumns: new Set(['_']) };
      const text = `_,-,${h}\n7,1,5\n`;
      expect(await rowsOf({ 'a.csv': text }, options)).toEqual({ orders: 1, rows: [[5, '-', 1]] });
    });

    test('names that resemble each other, and words that only sound like an index', async () => {
      const names = [
        'Bananas',
        'bananas',
        'bananas ',
        'index',
        'X',
        'level',
        '_count',
        'unnamed tea',
      ];
      const text = `${h},${names.join()}\n5,${names.map((_, index) => index + 1).join()}\n`;
      const { rows } = await rowsOf({ 'a.csv': text });
      expect(rows.map(([, name]) => name).sort()).toEqual([...names].sort());
    });

    test('a day without files', async () => {
      expect(await rowsOf({})).toEqual({ orders: 0, rows: [] });
    });

    test('files far longer than a chunk', async () => {
      const line = `5,1,"a ""quoted"" cell, é"\n`;
      const text = `${h},x,order_id\n${line.repeat(100_000)}`;
      const expected = { orders: 100_000, rows: [[5, 'x', 100_000]] };
      expect(await rowsOf({ 'a.csv': text })).toEqual(expected);
      expect(await rowsOf({ 'a.csv.gz': text })).toEqual(expected);
    });
  });

  describe('rejects', () => {
    test.each(badTables)('%s', async (_, text, places) => {
      const expected = {
        kind: 'rejected',
        problems: places.map(problem),
        problemCount: places.length,
      };
      expect(await problemsOf({ 'a.csv': text })).toEqual(expected);
    });

    test('with long values cut for people, never through a character', async () => {
      const { problems } = await problemsOf({ 'a.csv': `${h},x\n5,${'a'.repeat(99)}😀\n` });
      expect(problems[0]?.value).toBe(`${'a'.repeat(99)}…`);
    });

    test('what a definition does not allow, by its own names', async () => {
      const by = [
        { name: 'store', column: 'store_id', least: 1, most: 40 },
        { name: 'shift', column: 'shift', least: -1, most: 150 },
      ];
      const definition = { by, dayColumn: 'weekday' };
      const text = 'store_id,shift,weekday,x\n0,1,3,1\n41,-2,3,1\n040,0150,2,1\n5,15.5,3,1\n';
      expect(await problemsOf({ 'a.csv': text }, { definition })).toEqual({
        kind: 'rejected',
        problemCount: 7,
        problems: [
          [2, 'store_id', '0', 'it must be an integer from 1 to 40'],
          [3, 'store_id', '41', 'it must be an integer from 1 to 40'],
          [3, 'shift', '-2', 'it must be an integer from -1 to 150'],
          [4, 'weekday', '2', 'it must be 3, the day of its folder'],
          [4, 'store_id', '040', 'it must be an integer from 1 to 40'],
          [4, 'shift', '0150', 'it must be an integer from -1 to 150'],
          [5, 'shift', '15.5', 'it must be an integer from -1 to 150'],
        ].map(([line, column, value, message]) =>
          problem({ line, column, value, message } as Parameters<typeof problem>[0]),
        ),
      });
      const header = 'Store_ID,x\n1,1\n';
      expect(await problemsOf({ 'a.csv': header }, { definition })).toMatchObject({
        problems: [
          {
            column: 'Store_ID',
            message: 'it is probably the column "store_id" with other capitals; rename it',
          },
          { column: 'shift', message: 'the header lacks this column' },
        ],
      });
    });

    test('a wrong date in the date layout', async () => {
      const options = { layout: 'date', day: '2026-11-23' } as const;
      const text = `order_date,${h},x\n2026-11-24,5,2\n`;
      const { problems } = await problemsOf({ 'a.csv': text }, options);
      const message = 'it must be 2026-11-23, the day of its folder';
      expect(problems).toEqual([
        problem({ line: 2, column: 'order_date', value: '2026-11-24', message }),
      ]);
    });

    test('with the first 20 problems of all files in order, and how many there are', async () => {
      const rows = (count: number) => `${h},x\n${'5,a\n'.repeat(count)}`;
      const contents = { 'a.csv': rows(15), 'b.csv': 'x\n', 'c.csv': `${rows(30)}5,\0` };
      const { problems, problemCount } = await problemsOf(contents);
      expect(problemCount).toBe(15 + 1 + 30 + 1);
      expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
        ...Array.from({ length: 15 }, (_, index) => `a.csv:${index + 2}`),
        'b.csv:1',
        ...Array.from({ length: 4 }, (_, index) => `c.csv:${index + 2}`),
      ]);
    });

    test('a day up to its 10,000th problem: what comes after it is neither read nor counted', async () => {
      const bad = (count: number) => `${h},x\n${'5,1,1\n'.repeat(count)}`;
      const sound = `${h},x\n${'5,1\n'.repeat(100)}`;
      const files = await writeFiles({
        'a.csv': bad(6_000),
        'b.csv': sound,
        'c.csv.gz': `${bad(4_000)}5,1,1\n5,\0\n`,
        'd.csv': sound,
      });
      await unlink(files[3]?.path as string);
      const message = 'the row has 3 cells, the header 2';
      expect(await engine.aggregate(jobOver(files))).toEqual({
        kind: 'rejected',
        problems: Array.from({ length: 20 }, (_, index) => problem({ line: index + 2, message })),
        problemCount: 10_000,
        stoppedAt: { file: 'c.csv.gz', line: 4_001 },
      });
    });

    test('a day with fewer problems as a whole, and says nothing of an end', async () => {
      const result = await problemsOf({
        'a.csv': `x,${h}\n${'a,5\n'.repeat(9_000)}`,
        'b.csv': `x,${h}\n${'b,24\n'.repeat(499)}5,\0`,
      });
      expect(result.problemCount).toBe(9_999);
      expect(result).not.toHaveProperty('stoppedAt');
    });

    test.each(emptyTexts)('%s beside others like it', async (_, text) => {
      const { problems } = await problemsOf({ 'a.csv': text, 'b.csv.gz': text });
      const message = 'the file is empty; a header is expected';
      expect(problems).toEqual([
        problem({ file: 'a.csv', message }),
        problem({ file: 'b.csv.gz', message }),
      ]);
    });

    test('a file that cannot be taken, and not the empty one beside it', async () => {
      const { problems } = await problemsOf({ 'a.csv': '', 'b.csv': 'x\n1\n' });
      expect(problems.map(({ file }) => file)).toEqual(['b.csv']);
    });

    test('the day of a float in the date layout', async () => {
      const options = { layout: 'date', day: '2026-11-23' } as const;
      const text = `order_date,${h},x\n2026-11-23.0,5,2\n`;
      const { problems } = await problemsOf({ 'a.csv': text }, options);
      expect(problems).toMatchObject([{ line: 2, column: 'order_date', value: '2026-11-23.0' }]);
    });

    test('names that nearly are those that were configured to be ignored', async () => {
      const options = { ignoredColumns: new Set(['store']) };
      const { problems } = await problemsOf({ 'a.csv': `Store,${h},x\n7,5,2\n` }, options);
      expect(problems).toMatchObject([
        { line: 1, column: 'Store', message: expect.stringContaining('the column "store"') },
      ]);
    });

    test('a sum of several files beyond 2^53 − 1, in the file that crosses it', async () => {
      const contents = { 'a.csv': `${h},x\n5,9007199254740991\n`, 'b.csv': `${h},x\n5,1\n` };
      const { problems } = await problemsOf(contents);
      const message = 'with it the sum exceeds 2^53 − 1';
      expect(problems).toEqual([
        problem({ file: 'b.csv', line: 2, column: 'x', value: '1', message }),
      ]);
    });
  });
}

/** Tests of which one looks at what the whole process has open. */
export function promisesWhileReading(engine: Engine): void {
  describe('while reading', () => {
    test('reports the stored bytes that it consumes', async () => {
      const files = await writeFiles({
        'a.csv': `${h},x\n${'5,1\n'.repeat(50_000)}`,
        'b.csv.gz': `${h},x\n${'5,1\n'.repeat(50_000)}`,
      });
      let consumed = 0;
      const onBytes = (count: number) => {
        consumed += count;
      };
      await engine.aggregate(jobOver(files, { onBytes }));
      expect(consumed).toBe(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    });

    test.each(['a.csv', 'a.csv.gz'])(
      'throws the reason of an abort, in the midst of %s',
      async (name) => {
        const noise = Array.from({ length: 200_000 }, (_, index) => `5,${(index * 7919) % 9973}\n`);
        const files = await writeFiles({ [name]: `${h},x\n${noise.join('')}` });
        const abort = new AbortController();
        const reason = new Error('cancelled');
        let chunks = 0;
        const onBytes = () => {
          chunks += 1;
          if (chunks === 2) abort.abort(reason);
        };
        const reading = engine.aggregate(jobOver(files, { signal: abort.signal, onBytes }));
        await expect(reading).rejects.toBe(reason);
        expect(chunks).toBeLessThan(5);
      },
    );

    test('throws at once when the job was called off before', async () => {
      const files = await writeFiles({ 'a.csv': `${h}\n` });
      const reason = new Error('cancelled');
      const job = jobOver(files, { signal: AbortSignal.abort(reason) });
      await expect(engine.aggregate(job)).rejects.toBe(reason);
    });

    test('leaves nothing open after a file that ends early', async () => {
      const files = await writeFiles({
        'a.csv': `${h},x\n5,1"\n${'5,1\n'.repeat(300_000)}`,
        'b.csv.gz': `${h},x\n5,1"\n${'5,1\n'.repeat(300_000)}`,
      });
      const before = await openFiles();
      await engine.aggregate(jobOver(files));
      expect(await openFiles()).toEqual(before);
    });

    test('a file that is gone is unreadable', async () => {
      const files = await writeFiles({ 'a.csv': `${h}\n` });
      await unlink(files[0]?.path as string);
      await expect(engine.aggregate(jobOver(files))).rejects.toMatchObject({
        name: 'RawReadError',
        file: 'a.csv',
        message: 'a.csv is gone: it was there when the day was listed.',
      });
    });

    test('a link that took the place of a file is not followed', async () => {
      const files = await writeFiles({ 'a.csv': `${h}\n`, 'b.csv': `${h}\n` });
      const [a, b] = files.map(({ path }) => path) as [string, string];
      await unlink(a);
      await symlink(b, a);
      await expect(engine.aggregate(jobOver(files))).rejects.toMatchObject({
        name: 'RawReadError',
        message: 'a.csv is a link by now: it was a file when the day was listed.',
      });
    });
  });
}

async function openFiles(): Promise<string[]> {
  const numbers = await readdir('/proc/self/fd').catch(() => []);
  const paths = numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => ''));
  return (await Promise.all(paths)).filter((path) => path.includes('.csv'));
}
