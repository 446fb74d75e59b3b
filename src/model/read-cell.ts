/** Cells as people and other programs write them, converted to canonical form. */
import type { Cell, Column, ColumnType } from './column.js';
import { layoutOf } from './day.js';

/** In canonical form; undefined if the column cannot have this cell. */
export function readCell({ type, nullable, range }: Column, text: string): Cell | undefined {
  if (text === '') return nullable ? null : undefined;
  const cell = readers[type.kind](text, type);
  if (cell === undefined || range === undefined) return cell;
  // An integer that is not exact as a number is beyond every range.
  const value = Number(cell);
  return value >= range.least && value <= range.most ? cell : undefined;
}

/** Describes the cells of a column. */
export function describeColumn({ type, range }: Column): string {
  if (type.kind === 'decimal') return `a number with at most ${type.scale} decimals`;
  if (range === undefined) return descriptions[type.kind];
  const most = range.most === Number.MAX_SAFE_INTEGER ? '2^53 − 1' : range.most;
  return `a whole number from ${range.least} to ${most}`;
}

const descriptions = {
  text: 'a text',
  integer: 'a whole number of at most 64 bits',
  boolean: 'true or false',
  date: layoutOf('date').shape,
  timestamp: 'a moment in UTC, such as 2026-11-23T09:12:00Z',
} as const;

/** Integers may be written as `3.0`, as pandas does. */
export function withoutZeros(text: string): string {
  return text.replace(/^(-?[0-9]+)\.0+$/, '$1');
}

const readers: Record<ColumnType['kind'], (text: string, type: ColumnType) => Cell | undefined> = {
  text: (text) => text,
  integer: (text) => {
    if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return text;
    const whole = withoutZeros(text);
    if (!/^-?[0-9]{1,40}$/.test(whole)) return undefined;
    const value = BigInt(whole);
    return BigInt.asIntN(64, value) === value ? String(value) : undefined;
  },
  decimal: (text, type) => (type.kind === 'decimal' ? readDecimal(text, type) : undefined),
  boolean: (text) => (text === 'true' || text === 'false' ? text : undefined),
  date: (text) => layoutOf('date').parse(text) ?? undefined,
  timestamp: (text) => (isMoment(text) ? text : undefined),
};

type Decimal = Extract<ColumnType, { kind: 'decimal' }>;

function readDecimal(text: string, { precision, scale }: Decimal): Cell | undefined {
  const [, sign = '', whole = '', fraction = ''] =
    /^(-?)([0-9]{1,80})(?:\.([0-9]{1,80}))?$/.exec(text) ?? [];
  if (whole === '' || /[^0]/.test(fraction.slice(scale))) return undefined;
  const digits = `${whole}${fraction.slice(0, scale).padEnd(scale, '0')}`.replace(/^0+/, '');
  if (digits.length > precision) return undefined;
  const all = digits.padStart(scale + 1, '0');
  const point = all.length - scale;
  const number = scale === 0 ? all : `${all.slice(0, point)}.${all.slice(point)}`;
  return digits === '' ? number : `${sign}${number}`;
}

function isMoment(text: string): boolean {
  const form =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]*[1-9])?Z$/;
  return layoutOf('date').parse(form.exec(text)?.[1] ?? '') !== null;
}
