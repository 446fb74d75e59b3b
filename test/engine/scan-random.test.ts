/** The scan engine against the reference, on tables made to hit every border and every way to be odd. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WideDefinition } from '../../src/model/definition.js';
import { writeFiles } from './job.js';
import { runs } from './runs.js';
import { createScanFamily } from './scan-family.js';
import { byCell, oddByCell, wideTraits } from './wide-definitions.js';

const { agree, read } = createScanFamily();

/** Mostly `usual`; `rare` about once in `times`. */
function seldom<T>(times: number, usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: times - 1, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

const digits = (most: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { maxLength: most }).map((each) => each.join(''));
const zero = fc.constant('0');
const small = fc.nat(9).map(String);
const count = fc.oneof(small, fc.nat(99_999).map(String), digits(15), fc.constant(''));
const oddCount = fc.constantFrom(
  ...['1.0', '0.00', '-1', '+1', ' 1', '1 ', '1e2', 'x', '/', ':', '"1"', '"1', '1"', '\0', '1\r'],
  ...['9007199254740991', '9007199254740992', '0000000000000000', '٣', '\u00a0', '1,', '\n', ''],
);
const oddDay = fc.constantFrom('2', '33', '', '03', '"3"', ' 3', '3 ');
const ignored = fc.oneof(
  fc.nat(3_000_000).map(String),
  fc.constantFrom('', 'x', 'two words', '\t', '!', '7.5', '\u007f', 'a;b', '#'.repeat(40)),
);
const oddIgnored = fc.oneof(
  fc.constantFrom('é', '€', '😀', '"a,b"', '"', '\0', '\r', '"a\nb"', '\ufeff', 'é"', 'a"b'),
  fc.constantFrom('x'.repeat(300), 'é'.repeat(20)),
);

type Cells = fc.Arbitrary<string>;

interface Shape {
  readonly names: readonly string[];
  readonly cells: readonly Cells[];
}

/** How rare odd things are in a table, so that some tables have none, and some little else. */
const oddness = fc.constantFrom(1_000_000, 1_000_000, 300, 20);

type Traits = Pick<WideDefinition, 'by' | 'dayColumn'>;

const shapeFor = ({ by, dayColumn }: Traits): fc.Arbitrary<Shape> =>
  fc
    .record({
      categories: fc.oneof(fc.nat(5), fc.nat(40)),
      density: fc.constantFrom(2, 10, 100),
      singleDigits: fc.boolean(),
      withDay: fc.boolean(),
      ignored: fc.nat(3),
      oddness,
      seed: fc.array(fc.nat(), { minLength: 50, maxLength: 50 }),
      usualOrder: fc.boolean(),
    })
    .map(
      ({ categories, density, singleDigits, withDay, ignored: others, oddness: rare, ...rest }) => {
        const cell = seldom(density, zero, singleDigits ? small : count);
        const columns: [name: string, cells: Cells][] = [
          ...['order_id', 'user_id', 'days_since_prior_order']
            .slice(0, others)
            .map((name): [string, Cells] => [name, seldom(rare, ignored, oddIgnored)]),
          ...by.map((each): [string, Cells] => [
            each.column,
            seldom(rare, byCell(each), oddByCell(each)),
          ]),
          ...(withDay && dayColumn !== null
            ? [[dayColumn, seldom(rare, fc.constant('3'), oddDay)] as [string, Cells]]
            : []),
          ...Array.from({ length: categories }, (_, index): [string, Cells] => [
            `c${index}`,
            seldom(rare, cell, oddCount),
          ]),
        ];
        const order = rest.usualOrder ? columns : shuffled(columns, rest.seed);
        return { names: order.map(([name]) => name), cells: order.map(([, cells]) => cells) };
      },
    );

function shuffled<T>(items: readonly T[], seed: readonly number[]): T[] {
  const keyed = items.map((item, index) => ({ item, key: seed[index % seed.length] ?? 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

const contentFor = (traits: Traits): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(shapeFor(traits), oddness)
    .chain(([{ names, cells }, rare]) =>
      fc.record({
        names: fc.constant(names),
        rows: fc.array(fc.tuple(fc.tuple(...cells), rowEnd(rare)), { maxLength: 12 }),
        headerEnd: fc.constantFrom('\n', '\r\n'),
        mark: fc.constantFrom('', '', '', '\ufeff'),
        quoteHeader: fc.boolean(),
        cutBytes: seldom(5, fc.constant(0), fc.nat(3)),
        damage: seldom(rare, fc.constant(null), fc.tuple(fc.nat(), fc.nat(255))),
      }),
    )
    .map(({ names, rows, headerEnd, mark, quoteHeader, cutBytes, damage }) => {
      const header = names.map((name) => (quoteHeader ? `"${name}"` : name)).join(',');
      const lines = rows.map(([cells, end]) => `${cells.join(',')}${end}`);
      const bytes = Buffer.from(`${mark}${header}${headerEnd}${lines.join('')}`);
      if (damage !== null) bytes[damage[0] % bytes.length] = damage[1];
      return bytes.subarray(0, bytes.length - cutBytes);
    });

/** Mostly a line end; rarely one too many, none, or one cell more. */
function rowEnd(rare: number): fc.Arbitrary<string> {
  const usual = fc.constantFrom('\n', '\n', '\r\n');
  return seldom(rare, usual, fc.constantFrom('\n\n', '\r', '\r\r\n', ',\n', ',0\n', '', '\n\r\n'));
}

function stored(bytes: Uint8Array, end: string): Uint8Array {
  return end === '.csv.gz' ? gzipSync(bytes) : bytes;
}

test('whatever a day looks like, both say the same', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      wideTraits.chain((traits) =>
        fc.tuple(
          fc.constant(traits),
          fc.array(fc.tuple(contentFor(traits), fc.constantFrom('.csv', '.csv', '.csv.gz')), {
            maxLength: 3,
          }),
        ),
      ),
      async ([definition, contents]) => {
        const files = await writeFiles(
          Object.fromEntries(
            contents.map(([bytes, end], index) => [`${index}${end}`, stored(bytes, end)]),
          ),
        );
        await agree(files, { definition });
      },
    ),
    runs(300, 3000),
  );
  // A fast path that hands everything on would pass as well.
  expect(read.handedOn).toBeGreaterThan(read.files / 10);
  expect(read.handedOn).toBeLessThan(read.files * 0.8);
});
