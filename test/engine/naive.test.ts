import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobOver, writeFiles } from './job.js';
import { describeEngines } from './subjects.js';

interface Table {
  readonly categories: readonly string[];
  readonly rows: readonly { readonly hour: number; readonly counts: readonly number[] }[];
  readonly lineEnd: string;
  readonly quoteAll: boolean;
  readonly lastLineEnd: boolean;
  readonly gzip: boolean;
}

const category = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
  .map((text) => text.replaceAll('\0', '0'))
  .filter((text) => text.trim() !== '' && !text.startsWith('order_'));
const awkward = fc.constantFrom(
  'a,b',
  '"',
  'x"y',
  'two\nlines',
  'two\r\nlines',
  '=1',
  '\ud83d\ude00',
  '\uff5e',
);

const table: fc.Arbitrary<Table> = fc
  .uniqueArray(fc.oneof(category, awkward), { maxLength: 6 })
  .chain((categories) =>
    fc.record({
      categories: fc.constant(categories),
      rows: fc.array(
        fc.record({
          hour: fc.nat(23),
          counts: fc.array(fc.oneof(fc.constant(0), fc.nat(1000)), {
            minLength: categories.length,
            maxLength: categories.length,
          }),
        }),
        { maxLength: 30 },
      ),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      quoteAll: fc.boolean(),
      lastLineEnd: fc.boolean(),
      gzip: fc.boolean(),
    }),
  );

function textOf({ categories, rows, lineEnd, quoteAll, lastLineEnd }: Table): string {
  const cell = (text: string) =>
    quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = [
    ['order_hour_of_day', ...categories],
    ...rows.map(({ hour, counts }) => [hour, ...counts].map(String)),
  ];
  const text = lines.map((cells) => cells.map(cell).join(',')).join(lineEnd);
  return lastLineEnd ? text + lineEnd : text;
}

function naiveSums(tables: readonly Table[]) {
  const sums = new Map<string, number>();
  for (const { categories, rows } of tables) {
    for (const { hour, counts } of rows) {
      for (const [index, name] of categories.entries()) {
        const key = JSON.stringify([hour, name]);
        sums.set(key, (sums.get(key) ?? 0) + (counts[index] ?? 0));
      }
    }
  }
  return [...sums]
    .filter(([, items]) => items > 0)
    .map(([key, items]) => {
      const [hour, name] = JSON.parse(key) as [number, string];
      return { hour, category: name, items };
    })
    .sort(
      (a, b) => a.hour - b.hour || Buffer.compare(Buffer.from(a.category), Buffer.from(b.category)),
    );
}

describeEngines((engine) => {
  test('random tables give the same as a sum in memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(table, { maxLength: 3 }), async (tables) => {
        const names = tables.map(({ gzip }, index) => `${index}.csv${gzip ? '.gz' : ''}`);
        const files = await writeFiles(
          Object.fromEntries(tables.map((each, index) => [names[index] ?? '', textOf(each)])),
        );
        expect(await engine.aggregate(jobOver(files))).toEqual({
          kind: 'aggregated',
          orders: tables.reduce((sum, { rows }) => sum + rows.length, 0),
          rows: naiveSums(tables),
        });
      }),
      { numRuns: 200 },
    );
  });
});
