/** Tables at random, as Parquet files with types at random, and definitions for them. */
import fc from 'fast-check';
import type { ColumnSource, SchemaElement } from 'hyparquet-writer';
import type { ShortSource } from '../../columns/job.js';
import { type Files, written } from './day.js';

/** A column of a file. */
interface Kind {
  /** What it may be declared as. */
  readonly declared: readonly string[];
  readonly element: Omit<SchemaElement, 'name'>;
  readonly value: fc.Arbitrary<unknown>;
}

const bits64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const small = fc.integer({ min: -50, max: 50 });
const large = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const integers = ['integer', 'decimal(12,2)', 'decimal(38,0)'];

const integer: readonly Kind[] = [
  { declared: integers, element: { type: 'INT32' }, value: fc.oneof(small, large) },
  { declared: integers, element: { type: 'INT64' }, value: fc.oneof(small.map(BigInt), bits64) },
  {
    declared: integers,
    element: { type: 'INT32', converted_type: 'UINT_32' },
    value: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  },
  {
    declared: integers,
    element: { type: 'INT64', converted_type: 'UINT_64' },
    value: fc.oneof(
      { weight: 9, arbitrary: fc.nat(9).map(BigInt) },
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    ),
  },
];

const decimals = ['decimal(12,2)', 'decimal(38,4)', 'decimal(5,5)', 'integer'];

function decimal(
  type: 'INT32' | 'INT64' | 'FIXED_LEN_BYTE_ARRAY' | 'BYTE_ARRAY',
  precision: number,
  scale: number,
): Kind {
  const most = 10n ** BigInt(precision) - 1n;
  const round = fc
    .integer({ min: -99, max: 99 })
    .map((value) => BigInt(value) * 10n ** BigInt(scale));
  return {
    declared: decimals,
    element: {
      ...{ type, converted_type: 'DECIMAL', precision, scale },
      ...(type === 'FIXED_LEN_BYTE_ARRAY' && { type_length: 16 }),
    },
    value: fc.oneof(
      small.map(BigInt),
      round.filter((units) => units <= most && units >= -most),
      fc.bigInt({ min: -most, max: most }),
    ),
  };
}

const twoDigits = fc.integer({ min: -100_000, max: 100_000 }).map((units) => units / 100);
const floats: readonly Kind[] = [
  {
    declared: decimals,
    element: { type: 'DOUBLE' },
    value: fc.oneof(
      { weight: 20, arbitrary: twoDigits },
      small,
      fc.double(),
      fc.double({ min: -1e30, max: 1e30 }),
    ),
  },
  {
    declared: decimals.slice(0, 2),
    element: { type: 'FLOAT' },
    value: fc
      .oneof(
        { weight: 20, arbitrary: fc.integer({ min: -999, max: 999 }).map((units) => units / 4) },
        fc.float({ min: -65536, max: 65536 }),
      )
      .map(Math.fround),
  },
];

const text: readonly Kind[] = [
  { declared: ['text'], element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, value: words() },
  {
    declared: ['text'],
    element: { type: 'BYTE_ARRAY' },
    value: words().map((word) => new TextEncoder().encode(word)),
  },
];

function words(): fc.Arbitrary<string> {
  const unusual = fc
    .string({ unit: 'binary', maxLength: 5 })
    .filter((each) => !each.includes('\0') && !each.includes('\r'));
  return fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'né',
      '😀',
      'x"y',
      '1',
      'é',
      '\uffff',
      'long enough for no inline string',
    ),
    unusual,
  );
}

const dates: readonly Kind[] = [
  {
    declared: ['date'],
    element: { type: 'INT32', converted_type: 'DATE' },
    value: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 20_000, max: 20_005 }) },
      fc.integer({ min: -719_162, max: 2_932_896 }),
      large,
    ),
  },
];

function times(element: Omit<SchemaElement, 'name'>, perSecond: bigint, step = 1n): Kind {
  const near = fc.bigInt({ min: 1_700_000_000n * perSecond, max: 1_700_009_999n * perSecond });
  const far = fc.bigInt({ min: -9_000_000_000n * perSecond, max: 9_000_000_000n * perSecond });
  const value = fc.oneof({ weight: 4, arbitrary: near }, far);
  return { declared: ['timestamp'], element, value: value.map((each) => each - (each % step)) };
}

const stamp = (unit: 'MILLIS' | 'MICROS' | 'NANOS', isAdjustedToUTC: boolean) =>
  ({ type: 'INT64', logical_type: { type: 'TIMESTAMP', unit, isAdjustedToUTC } }) as const;

const stamps: readonly Kind[] = [
  times({ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, 1_000n),
  times({ type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }, 1_000_000n),
  times(stamp('MILLIS', false), 1_000n),
  times(stamp('MICROS', false), 1_000_000n),
  times(stamp('NANOS', false), 1_000_000_000n),
  times(stamp('NANOS', true), 1_000_000_000n, 1_000n),
];

const kinds: readonly Kind[] = [
  ...integer,
  ...[decimal('INT32', 9, 2), decimal('INT64', 18, 4), decimal('INT32', 5, 0)],
  ...[decimal('FIXED_LEN_BYTE_ARRAY', 38, 10), decimal('BYTE_ARRAY', 20, 2)],
  ...floats,
  ...text,
  ...dates,
  ...stamps,
  { declared: ['boolean'], element: { type: 'BOOLEAN' }, value: fc.boolean() },
];

/** Those whose values all are of what they are declared as. */
const soundKinds: readonly Kind[] = [
  { declared: ['integer'], element: { type: 'INT32' }, value: large },
  { declared: ['decimal(38,0)'], element: { type: 'INT64' }, value: bits64 },
  { ...decimal('INT64', 18, 4), declared: ['decimal(38,4)'] },
  { ...decimal('FIXED_LEN_BYTE_ARRAY', 38, 10), declared: ['decimal(38,10)'] },
  { declared: ['decimal(12,2)'], element: { type: 'DOUBLE' }, value: twoDigits },
  ...text,
  { ...(dates[0] as Kind), value: fc.integer({ min: -719_162, max: 2_932_896 }) },
  times(stamp('MICROS', false), 1_000_000n),
  times(stamp('NANOS', true), 1_000_000_000n, 1_000n),
  { declared: ['boolean'], element: { type: 'BOOLEAN' }, value: fc.boolean() },
];

export interface RandomDay {
  readonly files: Files;
  readonly source: ShortSource;
}

/** A few columns, each declared once; the files may have them in other types of the same family. */
export const randomDay = dayOfKinds(kinds, { files: 3, rows: 40 });

/** In which nothing is wrong. */
export const soundDay = dayOfKinds(soundKinds, { files: 1, rows: 300 });

interface Most {
  readonly files: number;
  readonly rows: number;
}

function dayOfKinds(all: readonly Kind[], most: Most): fc.Arbitrary<RandomDay> {
  const declared = fc.constantFrom(...all.flatMap((kind) => kind.declared));
  const nullable = all === soundKinds ? fc.constant(true) : fc.boolean();
  return fc
    .array(fc.record({ declared, nullable }), { minLength: 1, maxLength: 5 })
    .chain((columns) =>
      fc.record({
        source: fc.constant(sourceOf(columns)),
        files: fc.array(fileOf(columns, all, most.rows), { minLength: 1, maxLength: most.files }),
      }),
    )
    .map(({ source, files }) => ({
      source,
      files: Object.fromEntries(files.map((bytes, at) => [`${at}.parquet`, bytes])),
    }));
}

interface DeclaredColumn {
  readonly declared: string;
  readonly nullable: boolean;
}

function sourceOf(columns: readonly DeclaredColumn[]): ShortSource {
  const types = columns.map(({ declared, nullable }) => `${declared}${nullable ? '?' : ''}`);
  const measures = columns.map(({ declared }, at): [string, string][] => [
    [`distinct${at}`, `distinct(x${at})`],
    [`least${at}`, `min(x${at})`],
    [`most${at}`, `max(x${at})`],
    ...(/^(?:decimal|integer)/.test(declared)
      ? ([
          [`sum${at}`, `sum(x${at})`],
          [`mean${at}`, `avg(x${at}, 0)`],
        ] as [string, string][])
      : []),
  ]);
  return {
    columns: Object.fromEntries(types.map((type, at) => [`x${at}`, type])),
    by: ['x0'],
    measures: { n: 'count()', ...Object.fromEntries(measures.flat()) },
  };
}

function fileOf(
  columns: readonly DeclaredColumn[],
  all: readonly Kind[],
  mostRows: number,
): fc.Arbitrary<Uint8Array> {
  const kindFor = ({ declared }: DeclaredColumn) =>
    fc.constantFrom(...all.filter((kind) => kind.declared.includes(declared)));
  return fc
    .tuple(
      fc.tuple(...columns.map(kindFor)),
      fc.integer({ min: mostRows / 2, max: mostRows }),
      form,
    )
    .chain(([own, rows, written]) =>
      fc.tuple(
        fc.tuple(...own.map(({ value }, at) => cells(value, rows, columns[at] as DeclaredColumn))),
        fc.shuffledSubarray([...own.keys()], { minLength: own.length }),
        fc.constant({ own, ...written }),
      ),
    )
    .map(([data, order, { own, rowGroupSize, codec }]) =>
      written({
        schema: [
          { name: 'root', num_children: own.length },
          ...order.map(
            (at) =>
              ({
                repetition_type: 'OPTIONAL',
                ...own[at]?.element,
                name: `x${at}`,
              }) as SchemaElement,
          ),
        ],
        columns: order.map((at): ColumnSource => ({ name: `x${at}`, data: data[at] as unknown[] })),
        ...{ rowGroupSize, codec },
      }),
    );
}

const form = fc.record({
  rowGroupSize: fc.constantFrom(7, 1000),
  codec: fc.constantFrom('UNCOMPRESSED' as const, 'SNAPPY' as const),
});

function cells(value: fc.Arbitrary<unknown>, rows: number, { nullable }: DeclaredColumn) {
  const isNull = nullable ? 4 : 60;
  const cell = fc.oneof({ weight: isNull, arbitrary: value }, fc.constant(null));
  // Few values, so that some rows have the same key.
  return fc
    .array(cell, { minLength: 1, maxLength: 6 })
    .chain((some) => fc.array(fc.constantFrom(...some), { minLength: rows, maxLength: rows }));
}
