/** Outputs of any shape: other keys and measures than those of the usual job, of every type. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorCell } from '../../src/core/cursor-name.js';
import { Difference } from '../../src/core/difference.js';
import type { PlacedRow } from '../../src/core/ports/output.js';
import { nodeDisk } from '../../src/disk/disk.js';
import { withFile } from '../../src/disk/whole-files.js';
import { type Cell, namesOf, type OutputShape } from '../../src/model/column.js';
import { compareKeysOf, type Row } from '../../src/model/row.js';
import { sumOf } from '../../src/model/total.js';
import { encodeDay, headerLine } from '../../src/output/encode.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { readForeign } from '../../src/output/read-foreign.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { makeTempDir } from '../support/temp-dir.js';
import { day } from './place.js';

const column = (name: string, kind: 'text' | 'integer' | 'boolean' | 'date' | 'timestamp') => ({
  ...{ name, type: { kind }, nullable: true },
});
const price = { kind: 'decimal', precision: 20, scale: 2 } as const;

const shape: OutputShape = {
  dayKind: 'date',
  dayColumn: 'the day, of course',
  keys: [
    column('zone', 'text'),
    column('store', 'integer'),
    { name: 'price', type: price, nullable: true },
    column('open', 'boolean'),
    column('since', 'date'),
    column('at', 'timestamp'),
  ],
  measures: [
    { name: 'n', type: { kind: 'integer' }, nullable: false, additive: true },
    { name: 'fare', type: price, nullable: true, additive: true },
    { ...column('longest', 'text'), additive: false },
  ],
  leavesOutZeros: false,
};

const integer = fc
  .oneof(
    fc.integer({ min: -20, max: 20 }).map(BigInt),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  )
  .map(String);
const decimal = fc
  .oneof(fc.bigInt({ min: -500n, max: 500n }), fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }))
  .map((cents) => {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
    return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  });
const text = fc.constantFrom('a', 'a,b', '"', 'two\nlines', 'é', '🥑', ' ', '0', 'ﬀ');
const orNull = (cell: fc.Arbitrary<string>): fc.Arbitrary<Cell> => fc.option(cell, { freq: 4 });

const row: fc.Arbitrary<Row> = fc.record({
  key: fc.tuple(
    orNull(text),
    orNull(integer),
    orNull(decimal),
    orNull(fc.constantFrom('true', 'false')),
    orNull(fc.constantFrom('2026-02-28', '2026-11-23')),
    orNull(fc.constantFrom('2026-11-23T09:12:00Z', '2026-11-23T09:12:00.5Z')),
  ),
  values: fc.tuple(integer, orNull(decimal), orNull(text)),
});

const compareKeys = compareKeysOf(shape);
const rows = fc
  .uniqueArray(row, { minLength: 1, maxLength: 15, selector: ({ key }) => JSON.stringify(key) })
  .map((found) => found.sort((a, b) => compareKeys(a.key, b.key)));

async function read(bytes: Buffer, path: string, of = shape) {
  await writeFile(path, bytes);
  return withFile(await nodeDisk.open(path), (file) =>
    readForeign({ file, sizeBytes: bytes.length, shape: of, forgiveCutEnd: false }),
  );
}

const name = day('2026-11-23');

describe('an output of another shape', () => {
  it('is read back as it was written, in any order of rows, and by range', async () => {
    const folder = stateFolderOf(join(await makeTempDir(), 'output.csv'));
    await mkdir(folder.outputFolder, { recursive: true });
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), async (made, seed) => {
        const { bytes, ...encoded } = await encodeDay(shape, name, made);
        expect(encoded.totals).toEqual({
          n: sumOf(made.map(({ values: [n] }) => n ?? 0)),
          fare: sumOf(made.map(({ values: [, fare] }) => fare ?? 0)),
        });

        const turned = made.toSorted((a, b) =>
          JSON.stringify([seed, a]) < JSON.stringify([seed, b]) ? 1 : -1,
        );
        const foreign = await encodeDay(shape, name, turned);
        const found = await read(Buffer.concat([headerLine(shape), foreign.bytes]), folder.output);
        expect(found.days.get(name)).toMatchObject({ ...encoded, doubled: false });
        const twice = await read(Buffer.concat([headerLine(shape), bytes, bytes]), folder.output);
        expect(twice.days.get(name)).toMatchObject({ doubled: true, rows: 2 * made.length });

        await writeFile(folder.output, Buffer.concat([headerLine(shape), bytes]));
        const store = createOutputStore({ folder, shape });
        const all: PlacedRow[] = [];
        const query = { days: [name], behind: null };
        await store.rows(await store.look(), query, (each) => all.push(each) > 0);
        expect(all.map(({ key, values }) => ({ key, values }))).toEqual(made);
        for (const [index, each] of all.entries()) {
          const rest: PlacedRow[] = [];
          const behind = { ...each, key: each.key.map(cursorCell) };
          await store.rows(await store.look(), { ...query, behind }, (one) => rest.push(one) > 0);
          expect(rest).toEqual(all.slice(index + 1));
        }
        const difference = new Difference(shape, made);
        for (const each of all) difference.take(each);
        expect(difference.end()).toMatchObject({ rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 });
      }),
      { numRuns: 100 },
    );
  });

  const header = headerLine(shape).toString();

  it.each([
    ['whole numbers as pandas writes them', ',7.0,,,,,3.0,,', ',7,,,,,3,,'],
    ['padded and longer numbers', ',007,01.500,,,,003,1,', ',7,1.50,,,,3,1.00,'],
    ['a zero below 0', ',-0,-0.00,,,,0,-0,', ',0,0.00,,,,0,0.00,'],
  ])('may have %s', async (_, written, canonical) => {
    const path = join(await makeTempDir(), 'output.csv');
    const found = await read(Buffer.from(`${header}${name},${written}\n`), path);
    const { source } = found.days.get(name) ?? {};
    const bytes = source?.kind === 'bytes' ? source.bytes.toString() : null;
    expect(bytes).toBe(`${name},${canonical}\n`);
  });

  it.each([
    [',1.5,,,,,1,,', /line 2: column "store": "1\.5" is not a whole number of at most 64 bits/],
    [',9223372036854775808,,,,,1,,', /column "store": "9223372036854775808" is not/],
    [',,1.005,,,,1,,', /column "price": "1\.005" is not a number with at most 2 decimals/],
    [',,1e3,,,,1,,', /column "price": "1e3" is not/],
    [',,1234567890123456789.00,,,,1,,', /column "price": "1234567890123456789\.00" is not/],
    [',,,yes,,,1,,', /column "open": "yes" is not true or false/],
    [',,,,2026-02-30,,1,,', /column "since": "2026-02-30" is not a calendar date/],
    [',,,,,2026-11-23T24:00:00Z,1,,', /column "at": "2026-11-23T24:00:00Z" is not a moment in UTC/],
    [',,,,,,,,', /column "n": it is empty, and must be a whole number/],
  ])('is not touched where a row ends with %s', async (cells, why) => {
    const path = join(await makeTempDir(), 'output.csv');
    await expect(read(Buffer.from(`${header}${name},${cells}\n`), path)).rejects.toThrow(why);
  });

  it('has a header that tells it from others, with quotes where names need them', async () => {
    expect(header).toBe(`"the day, of course",${namesOf(shape).slice(1).join(',')}\n`);
    const path = join(await makeTempDir(), 'output.csv');
    const other = header.replace('zone', 'zones');
    await expect(read(Buffer.from(other), path)).rejects.toThrow(/line 1: the header is/);
  });

  it.each([
    [false, 1],
    [true, 0],
  ])(
    'leaves rows out whose measures are all 0 where its shape says %s',
    async (leavesOutZeros, days) => {
      const [n] = shape.measures;
      const counted = { ...shape, measures: n === undefined ? [] : [n], leavesOutZeros };
      const path = join(await makeTempDir(), 'output.csv');
      const found = await read(
        Buffer.from(`${headerLine(counted)}${name},a,,,,,,0\n`),
        path,
        counted,
      );
      expect(found.days.size).toBe(days);
    },
  );
});
