/** What others do to the output. */
import fc from 'fast-check';
import type { Calendar } from './calendar.js';
import { contents } from './contents.js';
import { linesOf } from './rules.js';
import type { Truth } from './truth.js';

/** From the rows that are there to those that are then. */
type Edit = (rows: readonly string[], truth: Truth) => readonly string[];

const all = { ignored: [] };

/** Of an output that lies there. */
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
  'a day is added': (rows, { names }) =>
    rows.some((row) => row.startsWith(`${names[3]},`)) ? rows : [...rows, `${names[3]},8,beans,5`],
  'a day without raw data is added': (rows, truth) => {
    const day = truth.names.find(
      (name) => !truth.isReady(name) && truth.of(name).lines.length === 0,
    );
    return day === undefined ? rows : [`${day},8,beans,7`, ...rows];
  },
};

/** Whole outputs that other jobs write, whatever lay there. */
export const otherJobs: Readonly<Record<string, Edit>> = {
  'another job writes what the raw days say': (_, truth) => asRawSays(truth, 1),
  'another job counted every day three times': (_, truth) => asRawSays(truth, 3),
  'another job counted a metadata column': (_, truth) => [
    ...asRawSays(truth, 1),
    ...goodDays(truth).map((day) => `${day},8,days_since_prior_order,3`),
  ],
  'the output of another job is renamed in': (_, { names }) =>
    [4, 1].map((index) => `${names[index]},9,returns,${index}`),
};

const goodDays = (truth: Truth) => truth.names.filter((day) => truth.of(day).raw.kind === 'good');

function asRawSays(truth: Truth, factor: number): string[] {
  return truth.names.flatMap((day) => {
    const { raw, lines } = truth.of(day);
    if (raw.kind !== 'good') return lines.filter(isWhole);
    return linesOf(day, raw.contents, all).map((line) =>
      line.replace(/[0-9]+$/, (items) => `${Number(items) * factor}`),
    );
  });
}

/** As an old job left it: days appended as they came, some of them twice. */
export const legacyFiles: fc.Arbitrary<(calendar: Calendar) => readonly string[]> = fc
  .array(fc.tuple(fc.nat({ max: 4 }), contents, fc.integer({ min: 1, max: 5 })), { maxLength: 6 })
  .map(
    (parts) =>
      ({ days }) =>
        parts.flatMap(([index, what, chance]) => {
          const rows = linesOf(days[index] ?? '', what, all).toReversed();
          return chance === 5 ? [...rows, ...rows] : rows;
        }),
  );

/** A line that was cut is gone for good when someone saves the file anew. */
export const wholeRows = (text: string | null) =>
  (text ?? '').trimEnd().split('\n').slice(1).filter(isWhole);

const isWhole = (row: string) => /,[0-9]+$/.test(row);

/** The text that the output has after it; null where there is no output that could be edited. */
export function editedText(name: string, truth: Truth): string | null {
  const edit = otherJobs[name] ?? (truth.text === null ? undefined : edits[name]);
  if (edit === undefined) return null;
  const rows = edit(wholeRows(truth.text), truth);
  return [truth.calendar.header, ...rows, ''].join('\n');
}
