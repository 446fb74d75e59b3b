/** The value of a raw cell, by the type of its column. Nothing is rounded, guessed or coerced. */
import type { ColumnType } from './column.js';
import { least64, most64 } from './exact.js';
import { isDate, timestampOf } from './instant.js';

/** A non-empty text as a canonical cell; null if it does not have the type. */
export type ReadCell = (text: string) => string | null;

export function cellReaderOf(type: ColumnType): ReadCell {
  return type.kind === 'decimal' ? decimalReader(type.precision, type.scale) : readers[type.kind];
}

const booleans: Readonly<Record<string, string>> = {
  ...{ true: 'true', True: 'true', TRUE: 'true' },
  ...{ false: 'false', False: 'false', FALSE: 'false' },
};

const readers: Record<Exclude<ColumnType['kind'], 'decimal'>, ReadCell> = {
  text: (text) => text,
  integer: readInteger,
  boolean: (text) => (Object.hasOwn(booleans, text) ? (booleans[text] as string) : null),
  date: (text) => (isDate(text) ? text : null),
  timestamp: timestampOf,
};

/** Already canonical, and certainly within 64 bits, as most cells are. */
const plainInteger = /^(?:0|-?[1-9][0-9]{0,17})$/;
const integerForm = /^-?[0-9]+(?:\.0+)?$/;

function readInteger(text: string): string | null {
  if (plainInteger.test(text)) return text;
  if (!integerForm.test(text)) return null;
  const isBelow = text.startsWith('-');
  const digits = withoutZeros(text.slice(isBelow ? 1 : 0).replace(/\..*$/, ''));
  // A mebibyte of digits is not converted.
  if (digits.length > 19) return null;
  const number = BigInt(isBelow ? `-${digits}` : digits);
  return number < least64 || number > most64 ? null : String(number);
}

const decimalForm = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/** Decimals beyond the scale must be zeros. */
function decimalReader(precision: number, scale: number): ReadCell {
  return (text) => {
    const parts = decimalForm.exec(text);
    if (parts === null) return null;
    const [, sign = '', all = '', fraction = ''] = parts;
    const whole = withoutZeros(all);
    if (whole !== '0' && whole.length > precision - scale) return null;
    if (fraction.length > scale && !/^0+$/.test(fraction.slice(scale))) return null;
    const number = scale === 0 ? whole : `${whole}.${fraction.slice(0, scale).padEnd(scale, '0')}`;
    return sign === '-' && /[1-9]/.test(number) ? `-${number}` : number;
  };
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}

/** The requirement for a cell of the type, to follow "it must be". */
export function expectedOf(type: ColumnType): string {
  return type.kind === 'decimal' ? decimalWords(type) : expected[type.kind];
}

const expected: Record<Exclude<ColumnType['kind'], 'decimal'>, string> = {
  text: 'a text',
  integer: 'a whole number of 64 bits, such as 3 or -12',
  boolean: 'true or false',
  date: 'a date that exists, such as 2026-11-23',
  timestamp: 'a time in ISO 8601, such as 2026-11-23T09:12:00Z or 2026-11-23 09:12:00.5+01:00',
};

function decimalWords({ precision, scale }: ColumnType & { readonly kind: 'decimal' }): string {
  const digits = (count: number) => `${count} ${count === 1 ? 'digit' : 'digits'}`;
  const example = `${scale === precision ? '0' : '3'}${scale === 0 ? '' : '.5'}`;
  return `a number with at most ${digits(precision - scale)} before the point and ${digits(scale)} after it, such as ${example}`;
}
