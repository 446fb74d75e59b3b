/**
 * What DuckDB's types read from a cell exactly as `model/cell-of.ts` does. DuckDB reads far more, and much of that as
 * something else: `1.5`, `0x10` and `1e3` are integers to it, and it drops the offset of a time.
 */
import type { ColumnType } from '../../../model/column.js';
import { most64 } from '../../../model/exact.js';

export function patternOf(type: ColumnType): string {
  return type.kind === 'decimal' ? decimal(type.precision, type.scale) : patterns[type.kind];
}

/** The whole numbers of as many digits as `most` has, without leading zeros, up to it. */
function upTo(most: string): string {
  const below = [...most].flatMap((digit, at) => {
    const least = at === 0 ? 1 : 0;
    const rest = most.length - 1 - at;
    return Number(digit) > least
      ? [`${most.slice(0, at)}[${least}-${Number(digit) - 1}][0-9]{${rest}}`]
      : [];
  });
  return [...below, most].join('|');
}

const zeros = '(\\.00*)?';
const most = String(most64);
const shorter = `0|[1-9][0-9]{0,${most.length - 2}}`;
const integer = `-?0*(${shorter}|${upTo(most)})${zeros}|-0*${most64 + 1n}${zeros}`;

/** Digits beyond the scale must be zeros. */
function decimal(precision: number, scale: number): string {
  const whole = precision === scale ? '0' : `(0|[1-9][0-9]{0,${precision - scale - 1}})`;
  return `-?0*${whole}${scale === 0 ? zeros : `(\\.[0-9]{1,${scale}}0*)?`}`;
}

const leap = '(0[48]|[2468][048]|[13579][26])';
const monthAndDay =
  '((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))';
const year = '([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';
const date = `(${year}-${monthAndDay}|([0-9]{2}${leap}|${leap}00)-02-29)`;

/** DuckDB's times have microseconds. */
const time = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6}0{0,3})?';
const noOffset = '(Z|(\\+|-)00(:?00)?)?';

const rest = '[\x80-\xbf]';
/** In UTF-8, but for those that begin with 0xEF. */
const character = [
  `[\x01-\x7f]|[\xc2-\xdf]${rest}`,
  `\xe0[\xa0-\xbf]${rest}|[\xe1-\xec\xee]${rest}{2}|\xed[\x80-\x9f]${rest}`,
  `\xf0[\x90-\xbf]${rest}{2}|[\xf1-\xf3]${rest}{3}|\xf4[\x80-\x8f]${rest}{2}`,
].join('|');
/** Any of those but U+FEFF, 0xEF 0xBB 0xBF. */
const noMark = `\xef([\x80-\xba\xbc-\xbf]${rest}|\xbb[\x80-\xbe])`;

const patterns: Record<Exclude<ColumnType['kind'], 'decimal'>, string> = {
  /** DuckDB's client for Node leaves out a byte order mark with which a text begins. */
  text: `((${character}|${noMark})(${character}|\xef${rest}{2})*)?`,
  integer,
  boolean: 'true|True|TRUE|false|False|FALSE',
  date,
  timestamp: `${date}[T ]${time}${noOffset}`,
};
