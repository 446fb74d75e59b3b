/**
 * An outside judge of Parquet files: hyparquet reads what stands in them, without any type but the physical ones;
 * what that means is said here in plain JavaScript, and written as a CSV file, of which the reference says the rest.
 */
import {
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  type SchemaElement,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import {
  aggregateColumns,
  type ColumnsDay,
} from '../../../../src/engine/csv/columns/aggregate-columns.js';
import { columnsJob, definitionOf, type ShortSource } from '../../columns/job.js';
import { writeFiles } from '../../job.js';
import type { Files } from './day.js';

/** Throws where hyparquet does. */
export async function judged(files: Files, source: ShortSource): Promise<ColumnsDay> {
  const texts: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(files)) texts[`${name}.csv`] = await csvOf(bytes);
  return aggregateColumns(columnsJob(await writeFiles(texts), definitionOf(source)));
}

async function csvOf(bytes: Uint8Array): Promise<string> {
  const file = Uint8Array.from(bytes).buffer;
  const metadata = await parquetMetadataAsync(file);
  const elements = metadata.schema.slice(1);
  const rows = await parquetReadObjects({
    ...{ file, metadata: bare(metadata), compressors, utf8: false },
  });
  if (rows.length !== Number(metadata.num_rows)) throw new Error('rows are missing');
  const lines = rows.map((row) =>
    elements.map((each) => quoted(textOf(row[each.name], each))).join(),
  );
  return [elements.map(({ name }) => quoted(name)).join(), ...lines, ''].join('\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** As if no column were annotated. */
function bare(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    const { converted_type: _, logical_type: __, ...rest } = element;
    return rest;
  });
  return { ...metadata, schema } as FileMetaData;
}

/** As a CSV file would have it. */
function textOf(value: unknown, element: SchemaElement): string {
  if (value === null || value === undefined) return '';
  const { converted_type: converted, logical_type: logical, type } = element;
  if (converted === 'DECIMAL') return scaled(unitsOf(value), element.scale ?? 0);
  if (converted === 'DATE') return dateOf(BigInt(value as number));
  const unit = unitOf(element);
  if (unit !== null) return timeOf(value as bigint, unit);
  if (converted === 'UINT_32') return String(Number(value) >>> 0);
  if (converted === 'UINT_64') return String(BigInt.asUintN(64, value as bigint));
  if (type === 'BYTE_ARRAY')
    return new TextDecoder('utf-8', { fatal: true }).decode(value as Uint8Array);
  if (type === 'DOUBLE' || type === 'FLOAT') return floatOf(value as number, type);
  if (logical !== undefined) throw new Error(`the judge does not know ${JSON.stringify(logical)}`);
  return String(value);
}

function unitsOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  const hex = Buffer.from(value).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${hex}`));
}

function scaled(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const at = digits.length - scale;
  return `${units < 0n ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}${scale === 0 ? '0' : ''}`;
}

function unitOf({
  converted_type: converted,
  logical_type: logical,
}: SchemaElement): bigint | null {
  if (logical?.type === 'TIMESTAMP')
    return { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n }[logical.unit];
  if (converted === 'TIMESTAMP_MILLIS') return 1_000n;
  return converted === 'TIMESTAMP_MICROS' ? 1_000_000n : null;
}

/** Days of the Gregorian calendar, as Date has them; beyond its years, a text that is no date. */
function dateOf(days: bigint): string {
  const date = new Date(Number(days) * 86_400_000);
  return Number.isNaN(date.getTime()) ? 'beyond' : date.toISOString().replace(/T.*$/, '');
}

function timeOf(value: bigint, perSecond: bigint): string {
  const below = ((value % perSecond) + perSecond) % perSecond;
  const date = new Date(Number((value - below) / perSecond) * 1000);
  if (Number.isNaN(date.getTime())) return 'beyond';
  const fraction = String(below).padStart(String(perSecond).length - 1, '0');
  return `${date.toISOString().replace(/\.000Z$/, '')}.${fraction}Z`;
}

/** The shortest text that reads as the same float, with all its digits. */
function floatOf(value: number, type: 'DOUBLE' | 'FLOAT'): string {
  if (!Number.isFinite(value)) return String(value);
  const short = type === 'DOUBLE' ? String(value) : shortFloat(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:e([+-][0-9]+))?$/.exec(short) ?? [];
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(point, '0');
  const at = Math.max(0, point);
  return `${sign}${digits.slice(0, at) || '0'}${digits.length > at ? `.${digits.slice(at)}` : ''}`;
}

function shortFloat(value: number): string {
  for (let digits = 1; digits < 10; digits += 1) {
    const text = Number(value.toPrecision(digits)).toString();
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
