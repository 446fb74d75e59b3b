/** Types of columns in a Parquet file, and what they are called. */
import { numberIn, structIn, type ThriftStruct } from './thrift.js';

export type FileType =
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | {
      readonly kind: 'timestamp';
      readonly unit: TimeUnit;
      readonly utc: boolean;
      /** Whether it must become one of microseconds, which those of sql are. */
      readonly toMicros?: boolean;
    }
  /** `bytes` have no type, `null` has no values, `other` is nothing that is read. */
  | { readonly kind: 'boolean' | 'date' | 'int96' | 'text' | 'bytes' | 'uuid' | 'null' | 'other' };

const units = ['ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof units)[number];

export interface TypedElement {
  readonly type: FileType;
  /** For people: `INT64 (TIMESTAMP, ns, UTC)`. */
  readonly words: string;
}

const physical = [
  ...['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY'],
  'FIXED_LEN_BYTE_ARRAY',
];

const convertedNames = [
  ...['UTF8', 'MAP', 'MAP_KEY_VALUE', 'LIST', 'ENUM', 'DECIMAL', 'DATE', 'TIME_MILLIS'],
  ...['TIME_MICROS', 'TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS', 'UINT_8', 'UINT_16', 'UINT_32'],
  ...['UINT_64', 'INT_8', 'INT_16', 'INT_32', 'INT_64', 'JSON', 'BSON', 'INTERVAL'],
];

const logicalNames: Readonly<Record<number, string>> = {
  ...{ 1: 'STRING', 2: 'MAP', 3: 'LIST', 4: 'ENUM', 5: 'DECIMAL', 6: 'DATE', 7: 'TIME' },
  ...{ 8: 'TIMESTAMP', 10: 'INTEGER', 11: 'NULL', 12: 'JSON', 13: 'BSON', 14: 'UUID' },
  ...{ 15: 'FLOAT16', 16: 'VARIANT', 17: 'GEOMETRY', 18: 'GEOGRAPHY' },
};

/** What an annotation says of the bytes. */
interface Annotation {
  readonly type: FileType;
  readonly words: string;
}

const other: FileType = { kind: 'other' };

/** Of a `SchemaElement` without children. */
export function typedElement(element: ThriftStruct): TypedElement {
  const name = physical[numberIn(element, 1) ?? -1] ?? 'an unknown type';
  const length = name === 'FIXED_LEN_BYTE_ARRAY' ? numberIn(element, 2) : null;
  const [logical, converted] = [logicalOf(element), convertedOf(element)];
  const said = logical ?? converted;
  const words = `${name}${length === null ? '' : `(${length})`}${said === null ? '' : ` (${said.words})`}`;
  if (said === null) return { type: bare[name] ?? other, words };
  if (logical && converted && !isSame(logical.type, converted.type)) {
    return { type: other, words: `${words}, and ${converted.words} at the same time` };
  }
  return { type: fits(said.type, name, length) ? said.type : other, words };
}

/** In the older annotations all times are in UTC, and writers set them beside the newer ones all the same. */
function isSame(a: FileType, b: FileType): boolean {
  const told = (type: FileType) => JSON.stringify({ ...type, utc: null });
  return told(a) === told(b);
}

const bare: Readonly<Record<string, FileType>> = {
  BOOLEAN: { kind: 'boolean' },
  INT32: { kind: 'integer', bits: 32, signed: true },
  INT64: { kind: 'integer', bits: 64, signed: true },
  INT96: { kind: 'int96' },
  FLOAT: { kind: 'float', bits: 32 },
  DOUBLE: { kind: 'float', bits: 64 },
  BYTE_ARRAY: { kind: 'bytes' },
};

/** Beyond 38 digits, no type of an output holds it. */
const mostPrecision = 38;

function fits(type: FileType, name: string, length: number | null): boolean {
  switch (type.kind) {
    case 'integer':
      return name === (type.bits === 64 ? 'INT64' : 'INT32');
    case 'decimal': {
      const most = { INT32: 9, INT64: 18, BYTE_ARRAY: mostPrecision }[name];
      const { precision, scale } = type;
      const mostHere = name === 'FIXED_LEN_BYTE_ARRAY' ? mostPrecision : (most ?? 0);
      return precision >= 1 && precision <= mostHere && scale >= 0 && scale <= precision;
    }
    case 'date':
      return name === 'INT32';
    case 'timestamp':
      return name === 'INT64';
    case 'text':
      return name === 'BYTE_ARRAY';
    case 'uuid':
      return length === 16;
    default:
      return type.kind === 'null';
  }
}

function logicalOf(element: ThriftStruct): Annotation | null {
  const union = structIn(element, 10);
  const [id, value] = [...(union ?? [])][0] ?? [];
  if (id === undefined) return null;
  const name = logicalNames[id] ?? 'an unknown annotation';
  const inner: ThriftStruct = value instanceof Map ? value : new Map();
  switch (name) {
    case 'STRING':
    case 'ENUM':
    case 'JSON':
      return { type: { kind: 'text' }, words: name };
    case 'DECIMAL':
      return decimal(numberIn(inner, 2), numberIn(inner, 1));
    case 'DATE':
      return { type: { kind: 'date' }, words: name };
    case 'UUID':
      return { type: { kind: 'uuid' }, words: name };
    case 'NULL':
      return { type: { kind: 'null' }, words: name };
    case 'TIMESTAMP':
      return timestamp([...(structIn(inner, 2)?.keys() ?? [])][0] ?? 0, inner.get(1) === true);
    case 'INTEGER':
      return integer(numberIn(inner, 1) ?? 0, inner.get(2) === true);
    default:
      return { type: other, words: name };
  }
}

function convertedOf(element: ThriftStruct): Annotation | null {
  const id = numberIn(element, 6);
  if (id === null) return null;
  const name = convertedNames[id] ?? 'an unknown annotation';
  if (name === 'DECIMAL') return decimal(numberIn(element, 8), numberIn(element, 7) ?? 0);
  if (name === 'DATE') return { type: { kind: 'date' }, words: name };
  if (name === 'TIMESTAMP_MILLIS') return timestamp(1, true);
  if (name === 'TIMESTAMP_MICROS') return timestamp(2, true);
  if (['UTF8', 'ENUM', 'JSON'].includes(name)) return { type: { kind: 'text' }, words: name };
  const [, sign, bits] = /^(U?)INT_([0-9]+)$/.exec(name) ?? [];
  return bits === undefined ? { type: other, words: name } : integer(Number(bits), sign === '');
}

function decimal(precision: number | null, scale: number | null): Annotation {
  const type: FileType = { kind: 'decimal', precision: precision ?? 0, scale: scale ?? 0 };
  return { type, words: `DECIMAL(${type.precision},${type.scale})` };
}

function timestamp(unitId: number, utc: boolean): Annotation {
  const unit = units[unitId - 1];
  if (unit === undefined) return { type: other, words: 'TIMESTAMP of an unknown unit' };
  return {
    type: { kind: 'timestamp', unit, utc },
    words: `TIMESTAMP, ${unit}${utc ? ', UTC' : ''}`,
  };
}

function integer(bits: number, signed: boolean): Annotation {
  const isKnown = [8, 16, 32, 64].includes(bits);
  const words = `${signed ? '' : 'U'}INT_${bits}`;
  return { type: isKnown ? { kind: 'integer', bits, signed } : other, words };
}
