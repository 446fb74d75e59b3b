/**
 * Which types of a Parquet file are read as which declared ones, and the SQL for it: exactly, or not at all. `raw` is
 * the column as DuckDB reads it.
 */
import type { Column, ColumnType } from '../../../model/column.js';
import { duckTypeOf } from '../plain/typed-read.js';
import type { FileType } from './file-type.js';

export interface Taken {
  /** Null where `raw` is, and where it does not have the declared type. */
  readonly sql: string;
  /** Whether it is null only where `raw` is. */
  readonly total: boolean;
}

/** Null if nothing of the file's type is read as the declared one. */
export function takenAs({ type }: Pick<Column, 'type'>, from: FileType, raw: string): Taken | null {
  if (from.kind === 'null') return partly(`CAST(NULL AS ${duckTypeOf(type)})`);
  switch (type.kind) {
    case 'text':
      return asText(from, raw);
    case 'integer':
      return asInteger(from, raw);
    case 'decimal':
      return asDecimal(from, raw, type);
    case 'boolean':
      return from.kind === 'boolean' ? wholly(raw) : null;
    case 'date':
      return from.kind === 'date'
        ? partly(where(`${raw} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'`, raw))
        : null;
    case 'timestamp':
      return asTimestamp(from, raw);
  }
}

function wholly(sql: string): Taken {
  return { sql, total: true };
}

function partly(sql: string): Taken {
  return { sql, total: false };
}

function where(condition: string, value: string): string {
  return `CASE WHEN ${condition} THEN ${value} END`;
}

/** No cell is an empty text, or holds NUL. */
function asText(from: FileType, raw: string): Taken | null {
  const text = textSql(from, raw);
  if (text === null) return null;
  return partly(where(`${text} <> '' AND NOT contains(${text}, chr(0))`, text));
}

function textSql({ kind }: FileType, raw: string): string | null {
  if (kind === 'text') return `CAST(${raw} AS VARCHAR)`;
  if (kind === 'uuid') return `CAST(${raw} AS VARCHAR)`;
  // Null where the bytes are not UTF-8.
  return kind === 'bytes' ? `TRY(decode(${raw}))` : null;
}

/** Beyond these, a float does not hold each whole number: an identifier was probably rounded. */
const mostWhole = { 32: 2 ** 24 - 1, 64: 2 ** 53 - 1 } as const;

function asInteger(from: FileType, raw: string): Taken | null {
  const cast = `TRY_CAST(${raw} AS BIGINT)`;
  switch (from.kind) {
    case 'integer':
      return { sql: cast, total: from.signed || from.bits < 64 };
    case 'decimal':
      return partly(from.scale === 0 ? cast : where(endsInZeros(raw, from.scale, '.'), cast));
    case 'float':
      return partly(
        where(`abs(${raw}) <= ${mostWhole[from.bits]} AND ${raw} = trunc(${raw})`, cast),
      );
    default:
      return null;
  }
}

/** Digits that there is no room for must be zeros: a cast would round them. */
function endsInZeros(raw: string, zeros: number, point = ''): string {
  return `suffix(CAST(${raw} AS VARCHAR), '${point}${'0'.repeat(zeros)}')`;
}

type Decimal = Extract<ColumnType, { kind: 'decimal' }>;

function asDecimal(from: FileType, raw: string, type: Decimal): Taken | null {
  const cast = `TRY_CAST(${raw} AS ${duckTypeOf(type)})`;
  const whole = type.precision - type.scale;
  switch (from.kind) {
    case 'integer':
      return { sql: cast, total: whole >= 20 };
    case 'decimal': {
      const excess = from.scale - type.scale;
      if (excess > 0) return partly(where(endsInZeros(raw, excess), cast));
      return { sql: cast, total: whole >= from.precision - from.scale };
    }
    case 'float':
      return partly(floatSql(raw, from.bits, type));
    default:
      return null;
  }
}

/** As many digits as every double holds; within them one decimal at most comes to the same double. */
const sureDigits = 15;

/**
 * The decimal that the shortest text of the float says. A decimal that reads as the same float is that one, unless it
 * has more digits; and no decimal that was rounded to fewer digits reads as the same float.
 */
function floatSql(raw: string, bits: 32 | 64, type: Decimal): string {
  const decimal = duckTypeOf(type);
  const float = bits === 64 ? 'DOUBLE' : 'FLOAT';
  const spelled = `TRY_CAST(CAST(${raw} AS VARCHAR) AS ${decimal})`;
  const slow = `WHEN TRY_CAST(CAST(${spelled} AS VARCHAR) AS ${float}) = ${raw} THEN ${spelled}`;
  if (bits === 32 || type.scale >= sureDigits) return `CASE ${slow} END`;
  const cast = `TRY_CAST(${raw} AS ${decimal})`;
  const fast = `WHEN abs(${raw}) < 1e${sureDigits - type.scale} AND CAST(${cast} AS DOUBLE) = ${raw} THEN ${cast}`;
  return `CASE ${fast} ${slow} END`;
}

const [firstMicros, lastMicros] = ['-62135596800000000', '253402300799999999'];
/** DuckDB knows no day in which its first nanosecond would be. */
const firstNanos = "TIMESTAMP_NS '1677-09-22 00:00:00'";

function asTimestamp(from: FileType, raw: string): Taken | null {
  if (from.kind === 'int96') return partly(where(within(raw), raw));
  if (from.kind !== 'timestamp') return null;
  // In a time zone of its own, DuckDB has no nanoseconds.
  if (from.utc) return partly(where(within(raw), `make_timestamp(epoch_us(${raw}))`));
  if (from.unit === 'ns') {
    const isTime = `isfinite(${raw}) AND ${raw} >= ${firstNanos}`;
    if (!from.toMicros) return partly(where(isTime, raw));
    return partly(where(`${isTime} AND epoch_ns(${raw}) % 1000 = 0`, `CAST(${raw} AS TIMESTAMP)`));
  }
  return partly(where(within(raw), raw));
}

function within(raw: string): string {
  return `epoch_us(${raw}) BETWEEN ${firstMicros} AND ${lastMicros}`;
}

/** Whether DuckDB drops what is finer than a microsecond. */
export function isCutByDuckDb(from: FileType): boolean {
  return from.kind === 'int96' || (from.kind === 'timestamp' && from.unit === 'ns' && from.utc);
}

/** For people: what the column could be declared as. */
export function typesFor(from: FileType): string {
  switch (from.kind) {
    case 'integer':
      return 'declare it as integer, or as a decimal with room for it';
    case 'decimal':
      return `declare it as decimal(${from.precision},${from.scale})`;
    case 'float':
      return 'declare it as a decimal with as many digits as its numbers have, such as decimal(12,2)';
    case 'text':
    case 'bytes':
    case 'uuid':
      return 'declare it as text, or write it with another type';
    case 'boolean':
    case 'date':
      return `declare it as ${from.kind}`;
    case 'timestamp':
    case 'int96':
      return 'declare it as timestamp';
    default:
      return 'write it with another type';
  }
}

// ---------------------------------------------------------------- days

const dayKinds: readonly FileType['kind'][] = [
  ...(['text', 'bytes', 'integer', 'decimal', 'float', 'date'] as const),
];

/** Whether a column that is not declared can hold the day. */
export function isDayType({ kind }: FileType): boolean {
  return dayKinds.includes(kind);
}

// ---------------------------------------------------------------- for people

/** The value as a problem tells it. Never fails. */
export function shownSql(from: FileType, raw: string): string {
  switch (from.kind) {
    case 'bytes':
      return `coalesce(TRY(decode(${raw})), '0x' || hex(${raw}))`;
    case 'timestamp':
    case 'int96':
      return `coalesce(TRY(CAST(${raw} AS VARCHAR)), 'a time beyond all calendars')`;
    case 'float':
      return `CASE WHEN isnan(${raw}) THEN 'NaN' ELSE replace(CAST(${raw} AS VARCHAR), 'inf', 'Infinity') END`;
    default:
      return `CAST(${raw} AS VARCHAR)`;
  }
}
