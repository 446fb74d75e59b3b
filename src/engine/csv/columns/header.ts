import { cellReaderOf, expectedOf, type ReadCell } from '../../../model/cell-of.js';
import { closestTo } from '../../../model/closest-name.js';
import type { Column } from '../../../model/column.js';
import type { ColumnsDefinition } from '../../../model/columns-definition.js';
import type { RawProblem } from '../../../model/raw-problem.js';
import { nameProblems } from '../../header.js';
import { differenceOf, folded, hasNothingToSee, madeVisible } from '../../header-names.js';
import { FileFault, problemIn, shorten } from '../../problems.js';
import { likelyDelimiter, otherDelimiter } from './delimiter.js';

/** A cell of each row that is looked at. */
export interface ReadColumn {
  /** Its place in the file's rows. */
  readonly place: number;
  readonly name: string;
  /** Its place among the declared columns; −1 where it is only compared with the day. */
  readonly to: number;
  readonly holdsDay: boolean;
  readonly nullable: boolean;
  readonly read: ReadCell;
  /** What a cell must be, in words. */
  readonly expected: string;
}

export interface ColumnsHeader {
  readonly names: readonly string[];
  /** In the order of the file. */
  readonly read: readonly ReadColumn[];
  readonly undeclared: readonly string[];
}

/** Throws FileFault with everything that is wrong with the header, which stands on `line`. */
export function readColumnsHeader(
  names: readonly string[],
  file: string,
  definition: ColumnsDefinition,
  line: number,
): ColumnsHeader {
  const { columns, dayColumn } = definition;
  const declared = new Set(columns.map(({ name }) => name));
  const lacking = columns.filter(({ name }) => !names.includes(name));
  const other =
    lacking.length > 0 && names.length === 1
      ? likelyDelimiter(names[0] ?? '', definition.csv)
      : null;
  if (other !== null)
    throw new FileFault([problemIn(file, otherDelimiter(other, definition.csv), { line })]);
  const verdicts = names.map((name) =>
    hasNothingToSee(name) && !declared.has(name) ? 'nameless' : null,
  );
  const wrong: RawProblem[] = [...nameProblems(names, verdicts, file, line)];
  for (const { name } of lacking)
    wrong.push(problemIn(file, lacks(name, names), { line, column: name }));
  if (wrong.length > 0) throw new FileFault(wrong);
  const read = columns.map((column, to) => readColumn(column, to, names, dayColumn));
  const dayPlace = dayColumn === null || declared.has(dayColumn) ? -1 : names.indexOf(dayColumn);
  if (dayColumn !== null && dayPlace !== -1) read.push(undeclaredDay(dayColumn, dayPlace));
  return {
    names,
    read: read.sort((a, b) => a.place - b.place),
    undeclared: names.filter((name) => !declared.has(name) && name !== dayColumn),
  };
}

function readColumn(
  { name, type, nullable }: Column,
  to: number,
  names: readonly string[],
  dayColumn: string | null,
): ReadColumn {
  const [read, expected] = [cellReaderOf(type), `it must be ${expectedOf(type)}`];
  const [place, holdsDay] = [names.indexOf(name), name === dayColumn];
  return { place, name, to, holdsDay, nullable, read, expected };
}

function undeclaredDay(name: string, place: number): ReadColumn {
  const read: ReadCell = (text) => text;
  return { place, name, to: -1, holdsDay: true, nullable: true, read, expected: '' };
}

const mostNames = 20;

function lacks(name: string, names: readonly string[]): string {
  const some = names.slice(0, mostNames).map((each) => JSON.stringify(shorten(madeVisible(each))));
  const more = names.length - some.length;
  const all = `${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const near = nearest(name, names);
  return `the header lacks this column; it has ${all}. ${near}The setting columns of the dataset names those that each file must have`;
}

function nearest(name: string, names: readonly string[]): string {
  const same = names.find((each) => folded(each) === folded(name));
  if (same !== undefined)
    return `It is probably ${JSON.stringify(shorten(madeVisible(same)))} ${differenceOf(same, name)}. `;
  const close = closestTo(name, names.slice(0, mostNames));
  return close === null ? '' : `Is it ${JSON.stringify(shorten(close))}? `;
}
