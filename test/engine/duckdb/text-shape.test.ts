/** What is known of a text without DuckDB, beside what the reference makes of it; cut into chunks anywhere. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRows } from '../../../src/engine/csv/csv-file.js';
import { TextShape } from '../../../src/engine/duckdb/text-shape.js';
import { ProblemLog } from '../../../src/engine/problems.js';
import { plainCsv } from '../../../src/model/file-form.js';
import { runs } from '../runs.js';

const forms = [
  { delimiter: ',', quote: '"' },
  { delimiter: '\t', quote: "'" },
  { delimiter: ';', quote: null },
];

const width = 2;

/** Rows of the reference, and whether it would take them all. */
async function read(bytes: Buffer, form: (typeof forms)[number]) {
  const rows: (readonly string[])[] = [];
  const sink = {
    log: new ProblemLog(),
    read: (cells: readonly string[]) => rows.push([...cells]),
    columnName: () => undefined,
  };
  const fault = await readRows([bytes], { name: 'a.csv', form: plainCsv }, sink, form);
  return { rows, isSound: fault === null && rows.every((cells) => cells.length === width) };
}

function shapeOf(bytes: Buffer, form: (typeof forms)[number], cuts: readonly number[]) {
  const shape = new TextShape(width, form);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  places.sort((a, b) => a - b);
  const isSound =
    places.slice(1).every((to, at) => shape.pass(bytes.subarray(places[at], to))) && shape.finish();
  return { shape, isSound };
}

const signs = [
  ...['a', ',', '\t', ';', '"', "'", '\n', '\r\n', '\r', ' ', 'é', '\u{1f600}'],
  ...['""', '\0', '\xff', ',\n', '"x"y'],
];

/** Mostly rows that are sound, and something amid them. */
const texts = fc.constantFrom(...forms).chain((form) => {
  const { delimiter: d, quote: q } = form;
  const quoted = q === null ? [] : [`${q}x${q}${d}y\n`, `a${d}${q}${q}${q}${d}\n${q}\r\n`];
  const rows = fc.constantFrom(`x${d}y\n`, `x${d}\r\n`, `${d}é\n`, '\n', ...quoted);
  const parts = fc.array(
    fc.oneof({ arbitrary: rows, weight: 12 }, { arbitrary: fc.constantFrom(...signs), weight: 1 }),
    { maxLength: 12 },
  );
  return parts.map((all) => ({ form, parts: all }));
});

test('it takes what the reference takes, with the same rows, and nothing else', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(), { maxLength: 3 }), async ({ form, parts }, cuts) => {
      const bytes = Buffer.concat(
        parts.map((part) => Buffer.from(part, part === '\xff' ? 'latin1' : 'utf8')),
      );
      const { rows, isSound } = await read(bytes, form);
      const found = shapeOf(bytes, form, cuts);
      expect(found.isSound).toBe(isSound);
      if (!isSound) return;
      taken += rows.length;
      expect(found.shape.rows).toBe(rows.length);
      expect(found.shape.spansLines).toBe(rows.flat().some((cell) => cell.includes('\n')));
    }),
    runs(2000, 200_000),
  );
  expect(taken).toBeGreaterThan(3000);
});

test('a row may have 1 MiB, however it is cut', () => {
  const row = (bytes: number) => Buffer.from(`1,${'x'.repeat(bytes - 3)}\n2,3\n`);
  for (const cuts of [[], [1], [1_048_575], [1_048_576], [65_536, 131_072, 1_048_574]]) {
    expect(shapeOf(row(1_048_576), forms[0] as never, cuts).isSound).toBe(true);
    expect(shapeOf(row(1_048_577), forms[0] as never, cuts).isSound).toBe(false);
  }
});
