/** SQL for the cells of one declared column of a Parquet file. */
import type { Column } from '../../../model/column.js';
import type { LayoutName } from '../../../model/day.js';
import { duckTypeOf } from '../plain/typed-read.js';
import type { FoundColumn, MatchedColumns } from './match-columns.js';
import { shownSql, takenAs } from './take-types.js';

export interface CellSql {
  /** The declared column; null for the day's, where that is not declared. */
  readonly column: Column | null;
  readonly name: string;
  /** Its place in the file. */
  readonly places: readonly number[];
  /** As it stands in the file. */
  readonly raw: string;
  /** Null for an empty cell, and for one that does not have the declared type. */
  readonly value: string;
  /** Whether `raw` is no cell of the type, given `value`; null if that cannot be. */
  readonly bad: ((value: string) => string) | null;
  readonly shown: string;
}

export function cellSql(column: Column, found: FoundColumn | null): CellSql {
  const { name, type } = column;
  if (found === null) {
    const value = `CAST(NULL AS ${duckTypeOf(type)})`;
    return { column, name, places: [], raw: 'NULL', value, bad: null, shown: 'NULL' };
  }
  const raw = rawSql(found);
  const taken = takenAs(column, found.type, raw);
  if (taken === null) throw new Error(`${name} is not of a type that is read`);
  const isSure = taken.total && (column.nullable || found.required);
  const bad = isSure ? null : badOf(column, found, raw);
  const { places } = found;
  return { column, name, places, raw, value: taken.sql, bad, shown: shownSql(found.type, raw) };
}

function badOf({ nullable }: Column, { type }: FoundColumn, raw: string) {
  if (!nullable) return (value: string) => `${value} IS NULL`;
  // An empty text is an empty cell.
  const blank = type.kind === 'text' ? ` AND ${raw} <> ''` : '';
  const blankBytes = type.kind === 'bytes' ? ` AND octet_length(${raw}) > 0` : '';
  return (value: string) => `(${value} IS NULL AND ${raw} IS NOT NULL${blank}${blankBytes})`;
}

/** Columns are `c0` and so on. */
export function rawSql({ places: [first, ...inner] }: Pick<FoundColumn, 'places'>): string {
  return inner.reduce((sql, place) => `struct_extract_at(${sql}, ${place + 1})`, `c${first}`);
}

interface OtherDay extends Pick<CellSql, 'name' | 'places' | 'shown'> {
  readonly bad: string;
}

/** Whether the cell is not the day that the SQL `day` says; null where the file has no column of the day. */
export function otherDaySql(
  { declared, day: own }: MatchedColumns,
  { columns, dayColumn, dayKind }: DayRules,
  day: string,
): OtherDay | null {
  const at = columns.findIndex(({ name }) => name === dayColumn);
  const found = at === -1 ? own : (declared[at] ?? null);
  if (found === null || dayColumn === null) return null;
  const shown = shownSql(found.type, rawSql(found));
  const bad = `NOT ${isDay(found, dayKind, day)}`;
  return { name: dayColumn, places: found.places, shown, bad };
}

interface DayRules {
  readonly columns: readonly Column[];
  readonly dayColumn: string | null;
  readonly dayKind: LayoutName;
}

function isDay(found: FoundColumn, dayKind: LayoutName, day: string): string {
  const raw = rawSql(found);
  const { kind } = found.type;
  // Both are compared as they are, since texts of them take long.
  if (kind === 'integer' && dayKind === 'index') {
    return `coalesce(${raw} = TRY_CAST(${day} AS HUGEINT), false)`;
  }
  if (kind === 'date' && dayKind === 'date')
    return `coalesce(${raw} = CAST(${day} AS DATE), false)`;
  const shown = shownSql(found.type, raw);
  const written = dayKind === 'index' ? ` OR regexp_replace(${shown}, '[.]0+$', '') = ${day}` : '';
  return `coalesce(${shown} = ${day}${written}, false)`;
}
