import { cellReaderOf, expectedOf, type ReadCell } from '../../../model/cell-of.js';
import type { Column } from '../../../model/column.js';
import type { RawColumns } from '../../../model/columns-definition.js';
import { FileFault } from '../../problems.js';
import { headerProblems } from './header-problems.js';

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

/** Throws FileFault with everything that is wrong with the header, on `line`. */
export function readColumnsHeader(
  names: readonly string[],
  file: string,
  definition: RawColumns,
  line: number,
): ColumnsHeader {
  const { columns, dayColumn } = definition;
  const wrong = headerProblems(names, file, definition, line);
  if (wrong.length > 0) throw new FileFault(wrong);
  const declared = new Set(columns.map(({ name }) => name));
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
