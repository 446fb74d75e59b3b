/** What Daymark writes, Daymark reads: whatever a raw header may call a category, and however long it is. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorCell } from '../../src/core/cursor-name.js';
import type {
  EncodedDay,
  OutputState,
  OutputStore,
  PlacedRow,
  RowPlace,
} from '../../src/core/ports/output.js';
import { longestRawRowBytes } from '../../src/core/raw-row.js';
import { nodeDisk } from '../../src/disk/disk.js';
import { withFile } from '../../src/disk/whole-files.js';
import type { Day } from '../../src/model/day.js';
import { sumOf } from '../../src/model/total.js';
import { encodeDay, headerLine } from '../../src/output/encode.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { readForeign } from '../../src/output/read-foreign.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { type Counted, compareCounted, rowOf, shape } from '../support/counted.js';
import { makeTempDir } from '../support/temp-dir.js';
import { day, rowsOfDay } from './place.js';

const most = Number.MAX_SAFE_INTEGER;
const lastDay = day(String(most));

/** The longest category that fits a raw header, `filler` being what it is made of. */
function longest(filler: string): string {
  const isQuoted = /[",\r\n]/.test(filler);
  const room = longestRawRowBytes - Buffer.byteLength('order_hour_of_day,') - (isQuoted ? 2 : 0);
  const each = Buffer.byteLength(filler.replaceAll('"', '""'));
  return filler.repeat(Math.floor(room / each));
}

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', ',', '\n', '\r\n', ' ', '=', '\t', '\ufeff', '0', 'x', 'é', '🥑'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))
  .filter((name) => name.trim() !== '' && !/\0|\r(?!\n)/.test(name));

const rows = fc
  .uniqueArray(
    fc.record({
      hour: fc.integer({ min: 0, max: 23 }),
      category: text,
      items: fc.constantFrom(1, 7, most - 1, most),
    }),
    { minLength: 1, maxLength: 12, selector: ({ hour, category }) => `${hour} ${category}` },
  )
  .map((found) => found.sort(compareCounted));

/** The ledger is lost: all that is known is the file. */
async function expectRead(table: ReadonlyMap<string, readonly Counted[]>): Promise<void> {
  const folder = stateFolderOf(join(await makeTempDir(), 'orders.csv'));
  const days: [string, EncodedDay][] = [];
  for (const [name, each] of table)
    days.push([name, await encodeDay(shape, day(name), each.map(rowOf))]);
  const bytes = Buffer.concat([headerLine(shape), ...days.map(([, each]) => each.bytes)]);
  await writeFile(folder.output, bytes);
  const found = await withFile(await nodeDisk.open(folder.output), (file) =>
    readForeign({ file, sizeBytes: bytes.length, shape, forgiveCutEnd: false }),
  );
  expect(found.canonical).toBe(true);
  expect([...found.days.keys()]).toEqual([...table.keys()]);
  for (const [name, encoded] of days) {
    const { sha256, rows: count, totals } = encoded;
    expect(found.days.get(day(name))).toMatchObject({
      sha256,
      rows: count,
      totals,
      doubled: false,
    });
  }
  // By range, as the rows are asked for.
  const store = createOutputStore({ folder, shape });
  const state = await store.look();
  for (const [name, each] of table) {
    expect(await rowsOfDay(store, state, name)).toEqual(each.map((row) => ({ day: name, ...row })));
  }
  await expectResumed(store, state, [...table.keys()].map(day));
}

/** Behind any row the reading goes on, and at any other place it begins with the day. */
async function expectResumed(store: OutputStore, state: OutputState, days: Day[]): Promise<void> {
  const read = async (behind: RowPlace | null) => {
    const from = behind === null ? 0 : days.indexOf(behind.day);
    const found: PlacedRow[] = [];
    await store.rows(state, { days: days.slice(from), behind }, (row) => found.push(row) > 0);
    return found;
  };
  const all = await read(null);
  for (const [index, row] of all.entries()) {
    const key = row.key.map(cursorCell);
    const longer = cursorCell(`${row.key[1]}x`);
    expect(await read({ ...row, key })).toEqual(all.slice(index + 1));
    const whole = all.filter((each) => days.indexOf(each.day) >= days.indexOf(row.day));
    expect(await read({ ...row, key, at: row.at + 1 })).toEqual(whole);
    expect(await read({ ...row, key: [key[0] ?? null, longer] })).toEqual(whole);
  }
}

describe('rows of ours', () => {
  it('are read, whatever the categories are called', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, (first, last) =>
        expectRead(
          new Map([
            ['0', first],
            [lastDay, last],
          ]),
        ),
      ),
      { numRuns: 150 },
    );
  });

  it.each(['n', 'é', '🥑', '"', ',', '\r\n', '\n'])(
    'are read where the category fills a raw header with %j',
    async (filler) => {
      const category = longest(filler);
      const each = [
        { hour: 22, category: 'short', items: most },
        { hour: 23, category, items: most },
      ];
      await expectRead(new Map([[lastDay, each]]));
      expect(sumOf(each.map(({ items }) => items))).toBe('18014398509481982');
    },
  );
});
