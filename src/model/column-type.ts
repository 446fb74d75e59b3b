/** Column types as they are written: `text`, `decimal(12,2)?`. */
import { closestTo } from './closest-name.js';
import type { Column, ColumnType } from './column.js';
import { mostDigits } from './exact.js';
import { Misread } from './misread.js';

const simple = ['text', 'integer', 'boolean', 'date', 'timestamp'] as const;
const shapes =
  'text, integer, decimal(p,s), boolean, date, timestamp; a ? after it allows empty cells';

/** What other systems call them. */
const otherNames: Readonly<Record<string, string>> = {
  ...{ int: 'integer', int64: 'integer', bigint: 'integer', smallint: 'integer', long: 'integer' },
  ...{ string: 'text', str: 'text', varchar: 'text', char: 'text', bool: 'boolean' },
  ...{ numeric: 'decimal(12,2)', number: 'decimal(12,2)', money: 'decimal(12,2)' },
  ...{ datetime: 'timestamp', time: 'timestamp', timestamptz: 'timestamp' },
};
const floats = new Set(['float', 'double', 'real', 'float64', 'float32']);

/** Throws Misread. */
export function parseColumnType(text: string): Pick<Column, 'type' | 'nullable'> {
  const [, name = '', inner, mark = ''] =
    /^\s*(\w*)\s*(?:\(([^()]*)\))?\s*(\??)\s*$/.exec(text) ?? [];
  const nullable = mark === '?';
  if (name === 'decimal') return { type: decimalOf(text, inner), nullable };
  const kind = simple.find((each) => each === name);
  if (kind === undefined) throw new Misread(0, unknown(text, name.toLowerCase()));
  if (inner !== undefined)
    throw new Misread(text.indexOf('('), `${kind} takes nothing in parentheses`);
  return { type: { kind }, nullable };
}

function decimalOf(text: string, inner: string | undefined): ColumnType {
  const [, first, second] = /^\s*([0-9]{1,2})\s*,\s*([0-9]{1,2})\s*$/.exec(inner ?? '') ?? [];
  const [precision, scale] = [Number(first), Number(second)];
  if (first === undefined) {
    const message =
      'decimal needs the total number of digits, and the number after the point: decimal(12,2)';
    throw new Misread(Math.max(0, text.indexOf('(')), message);
  }
  if (precision < 1 || precision > mostDigits || scale > precision) {
    const message = `in decimal(p,s), p must be from 1 to ${mostDigits}, and s at most p`;
    throw new Misread(text.indexOf('('), message);
  }
  return { kind: 'decimal', precision, scale };
}

function unknown(text: string, name: string): string {
  const told = `${JSON.stringify(text)} is not a type`;
  if (floats.has(name)) {
    return `${told}: floating point is not offered, because sums of it depend on the order of rows; write decimal(p,s), such as decimal(12,2)`;
  }
  const known = Object.hasOwn(otherNames, name) ? otherNames[name] : null;
  const meant = known ?? closestTo(name, [...simple, 'decimal(12,2)']);
  return `${told}; types are ${shapes}${name === '' || meant === null ? '' : `. Did you mean ${meant}?`}`;
}

/** In the form that `parseColumnType` reads. */
export function columnTypeText({ type, nullable }: Pick<Column, 'type' | 'nullable'>): string {
  const parts = type.kind === 'decimal' ? `(${type.precision},${type.scale})` : '';
  return `${type.kind}${parts}${nullable ? '?' : ''}`;
}
