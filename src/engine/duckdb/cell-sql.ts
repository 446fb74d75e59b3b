/** Cells of raw files in DuckDB's SQL: the value of a text by its type, or null if it does not have it. */
import type { Column, ColumnType } from '../../model/column.js';
import type { LayoutName } from '../../model/day.js';
import { duckTypeOf } from './plain/typed-read.js';
import { quotedText } from './sql-text.js';

/**
 * DuckDB's casts round, guess and drop: each is used only on texts in which there is nothing of that. `text` is null
 * for an empty cell.
 */
export function valueSql(text: string, type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return text;
    case 'boolean':
      return `CASE WHEN ${text} IN ('true', 'True', 'TRUE') THEN true WHEN ${text} IN ('false', 'False', 'FALSE') THEN false END`;
    case 'date':
      return `CASE WHEN ${text} >= '0001' AND ${matches(text, date)} THEN TRY_CAST(${text} AS DATE) END`;
    case 'timestamp':
      return timestampSql(text);
    case 'integer':
      return castWhere(text, '-?[0-9]+([.]0+)?', type);
    case 'decimal':
      return castWhere(text, decimalPattern(type.precision, type.scale), type);
  }
}

function matches(text: string, pattern: string): string {
  return `regexp_full_match(${text}, ${quotedText(pattern)})`;
}

function castWhere(text: string, pattern: string, type: ColumnType): string {
  return `CASE WHEN ${matches(text, pattern)} THEN TRY_CAST(${text} AS ${duckTypeOf(type)}) END`;
}

/** Digits beyond the scale must be zeros. */
function decimalPattern(precision: number, scale: number): string {
  const whole = precision === scale ? '0+' : `0*[0-9]{1,${precision - scale}}`;
  const fraction = scale === 0 ? '0+' : `[0-9]{1,${scale}}0*`;
  return `-?${whole}([.]${fraction})?`;
}

const date = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
/** DuckDB's times have microseconds; a finer one makes the file odd. */
const time = `${date}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6}0{0,3})?`;
/** At most 14 hours. */
const offset = '[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?)';

/** Without a word, a cast would drop an offset. */
function timestampSql(text: string): string {
  const cast = (of: string) => `TRY_CAST(${of} AS TIMESTAMP)`;
  const part = (pattern: string, group: number) =>
    `regexp_extract(${text}, ${quotedText(pattern)}, ${group})`;
  const minutes = (pattern: string) => `coalesce(TRY_CAST(${part(pattern, 1)} AS INTEGER), 0)`;
  const hours = minutes('[+-]([0-9]{2})(:?[0-9]{2})?$');
  const rest = minutes('[+-][0-9]{2}:?([0-9]{2})$');
  const distance = `to_minutes((${hours} * 60 + ${rest}) * CASE WHEN ${part('([+-])[0-9:]*$', 1)} = '-' THEN 1 ELSE -1 END)`;
  const moved = `(${cast(part(`^(.{19}[.0-9]*)`, 1))} + ${distance})`;
  const isInRange = `${moved} >= TIMESTAMP '0001-01-01' AND ${moved} < TIMESTAMP '10000-01-01'`;
  return `CASE WHEN ${text} < '0001' THEN NULL
    WHEN ${matches(text, `${time}Z?`)} THEN ${cast(text)}
    WHEN ${matches(text, `${time}${offset}`)} AND ${isInRange} THEN ${moved} END`;
}

/** Whether the cell is `day`, the day of its row: by its text, where it is known, or what that comes to. */
export function isDaySql(text: string | null, value: string, dayKind: LayoutName): string {
  const ways = [
    `CAST(${value} AS VARCHAR) = day`,
    ...(text === null ? [] : [`${text} = day`]),
    // A whole number may have gone through a float.
    ...(text === null || dayKind === 'date' ? [] : [`regexp_replace(${text}, '[.]0+$', '') = day`]),
  ];
  return `coalesce(${ways.join(' OR ')}, false)`;
}

/** What is said of a result: numbers in their smallest unit, times without their Z. */
export function tellSql(value: string, { kind }: ColumnType): string {
  const text = `CAST(${value} AS VARCHAR)`;
  if (kind === 'decimal') return `replace(${text}, '.', '')`;
  return kind === 'timestamp' ? `replace(${text}, ' ', 'T')` : text;
}

/** Whether a cell that is null is wrong: `text` as it is, `value` what it comes to. */
export function isBadSql(text: string, value: string, { nullable, type }: Column): string | null {
  if (!nullable) return `${value} IS NULL`;
  return type.kind === 'text' ? null : `(${value} IS NULL AND ${text} IS NOT NULL)`;
}

export const finestInSql =
  'it has more than six digits of a second, and a dataset of sql holds times to the microsecond';
