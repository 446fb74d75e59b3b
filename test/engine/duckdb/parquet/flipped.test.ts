import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnsDay } from '../../../../src/engine/csv/columns/aggregate-columns.js';
import { DuckFailure } from '../../../../src/engine/duckdb/duckdb.js';
import type { Row } from '../../../../src/model/row.js';
import { dayOf, type Files, withDuckDb } from './day.js';
import { judged } from './judge.js';
import { type RandomDay, soundDay } from './random-tables.js';

withDuckDb();

const runs = process.env['DAYMARK_SOAK'] === '1' ? 2_000 : 150;

/** Bytes at random, in one of the files; more of them near its end, where the footer is. */
const flips = fc.array(
  fc.record({
    at: fc.noBias(fc.integer({ min: 0, max: 9_999 }).map((at) => at / 10_000)),
    bit: fc.noBias(fc.integer({ min: 0, max: 7 })),
  }),
  { minLength: 1, maxLength: 2 },
);

const damagedDay = fc.record({ sound: soundDay, flips, inFooter: fc.boolean() }).map((day) => ({
  sound: day.sound,
  damaged: { ...day.sound, files: damage(day) },
}));

interface Damage {
  readonly sound: RandomDay;
  readonly flips: readonly { readonly at: number; readonly bit: number }[];
  readonly inFooter: boolean;
}

function damage({ sound, flips: some, inFooter }: Damage): Files {
  const [name = '', first = new Uint8Array()] = Object.entries(sound.files)[0] ?? [];
  const bytes = Uint8Array.from(first);
  const footer = bytes.length - 8 - Buffer.from(bytes).readUInt32LE(bytes.length - 8);
  const from = inFooter ? footer : 4;
  for (const { at, bit } of some) {
    const place = from + Math.floor(at * (bytes.length - from - 1));
    bytes[place] = (bytes[place] as number) ^ (1 << bit);
  }
  return { ...sound.files, [name]: bytes };
}

/** What hyparquet makes of it; null where it cannot read it. */
async function verdict({ files, source }: RandomDay): Promise<ColumnsDay | null> {
  try {
    return await judged(files, source);
  } catch {
    return null;
  }
}

/** Null where the day is refused. */
async function rowsOf({ files, source }: RandomDay): Promise<readonly Row[] | null> {
  try {
    const day = await dayOf(files, source);
    return day.kind === 'rejected' ? null : day.rows;
  } catch (error) {
    // What breaks DuckDB fails the day; what it says of a file is told as its problem.
    if (error instanceof DuckFailure) throw new Error(`${error.kind}: ${error.message}`);
    return null;
  }
}

it(
  'Parquet: of a damaged file, there is an error, or the values that hyparquet finds',
  async () => {
    let [refused, read, unjudged] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(damagedDay, async ({ damaged, sound }) => {
        const found = await rowsOf(damaged);
        if (found === null) {
          refused += 1;
          return;
        }
        read += 1;
        const before = await judged(sound.files, sound.source);
        // The damage may be in something that is not needed, such as a number that is there twice.
        if (before.kind === 'aggregated' && isDeepStrictEqual(found, before.rows)) return;
        const want = await verdict(damaged);
        // Where nulls are, a page without a checksum says once; hyparquet refuses some of what DuckDB reads there.
        if (want === null) unjudged += 1;
        else expect(found).toEqual(want.kind === 'aggregated' ? want.rows : want.problems);
      }),
      { numRuns: runs },
    );
    const few = unjudged <= runs / 50;
    expect({ refused: refused > runs / 4, read: read > runs / 10, few }).toEqual({
      ...{ refused: true, read: true, few: true },
    });
  },
  runs * 3_000,
);
