/** What others do to the output. */
import fc from 'fast-check';
import type { Calendar } from './calendar.js';
import { contents } from './contents.js';
import { linesOf } from './truth.js';

/** From the rows that are there to those that are then. */
type Edit = (rows: readonly string[], calendar: Calendar) => readonly string[];

export const edits: Readonly<Record<string, Edit>> = {
  'a row is altered': ([first, ...rest]) =>
    first === undefined
      ? rest
      : [...rest, first.replace(/[0-9]+$/, (items) => `${Number(items) + 1}`)],
  'the rows are reversed': (rows) => rows.toReversed(),
  'everything is tripled': (rows) => [...rows, ...rows, ...rows],
  'the last row is doubled': (rows) => [...rows, ...rows.slice(-1)],
  'the first rows are lost': (rows) => rows.slice(2),
  'the last rows are lost': (rows) => rows.slice(0, -2),
  'all rows are lost': () => [],
  'the file is saved as it is': (rows) => rows,
  'a day is added': (rows, { days }) =>
    rows.some((row) => row.startsWith(`${days[3]},`)) ? rows : [...rows, `${days[3]},8,beans,5`],
};

/** As an old job left it: days appended as they came, some of them twice. */
export const legacyFiles: fc.Arbitrary<(calendar: Calendar) => readonly string[]> = fc
  .array(fc.tuple(fc.nat({ max: 4 }), contents, fc.integer({ min: 1, max: 5 })), { maxLength: 6 })
  .map(
    (parts) =>
      ({ days }) =>
        parts.flatMap(([index, what, chance]) => {
          const rows = linesOf(days[index] ?? '', what).toReversed();
          return chance === 5 ? [...rows, ...rows] : rows;
        }),
  );
