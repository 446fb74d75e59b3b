/** Cells of each type, in any way in which they may be written; and cells that are of no type. */
import type { Column, ColumnType } from '../../../src/model/column.js';
import type { Random } from '../../../src/sample/random.js';

export const types = [
  ...['text', 'integer', 'boolean', 'date', 'timestamp', 'decimal(5,2)', 'decimal(18,0)'],
  ...['decimal(12,6)', 'decimal(34,4)', 'decimal(3,3)'],
];

const texts = [
  ...['x', 'X', 'two words', ' x', 'é€', '\ud83d\ude00', '\uff5e', '\ue000', 'a,b', 'a;b', 'a|b'],
  ...['a\tb', '"', "it's", 'say ""', 'two\nlines', 'two\r\nlines', '0', '1.0', 'true', '\\', '='],
];

/** `variety` is how many different ones there are, about. */
export function cellOf(
  { type, nullable }: Column,
  nulls: readonly string[],
  variety: number,
  random: Random,
): string {
  if (nullable && random.below(4) === 0)
    return ['', ...nulls][random.below(nulls.length + 1)] as string;
  const value = random.below(variety);
  const way = random.below(6);
  switch (type.kind) {
    case 'text':
      return texts[(value * 7) % texts.length] as string;
    case 'integer':
      return integer(value, way, random);
    case 'boolean':
      return (value % 2 === 0 ? ['true', 'True', 'TRUE'] : ['false', 'False', 'FALSE'])[
        way % 3
      ] as string;
    case 'date':
      return `2026-${two(1 + (value % 12))}-${two(1 + ((value * 5) % 28))}`;
    case 'timestamp':
      return timestamp(value, way);
    case 'decimal':
      return decimal(type, value, way);
  }
}

const two = (number: number) => String(number).padStart(2, '0');

function integer(value: number, way: number, random: Random): string {
  const large = random.below(5) === 0 ? String(random.below(1_000_000)).padStart(9, '1') : '';
  const digits = `${value * 13}${large}`;
  const sign = value % 3 === 0 ? '-' : '';
  return `${sign}${['', '', '', '', '00', '0'][way]}${digits}${['', '', '.0', '.000', '', '.0'][way]}`;
}

function decimal(
  { precision, scale }: ColumnType & { readonly kind: 'decimal' },
  value: number,
  way: number,
): string {
  const longest = Math.max(1, precision - scale);
  const all = String((value + 1) ** 5 * 7919).repeat(3);
  const whole = precision === scale ? '0' : all.slice(0, 1 + (value % longest));
  const fraction = all.slice(-scale || all.length).slice(0, [scale, scale, 1, 0, scale, 1][way]);
  const zeros = way > 2 && scale > 0 ? '00' : '';
  const point = fraction === '' && zeros === '' ? '' : '.';
  return `${value % 3 === 1 ? '-' : ''}${way === 5 ? '0' : ''}${whole}${scale === 0 ? '' : `${point}${fraction.slice(0, scale)}${zeros}`}`;
}

function timestamp(value: number, way: number): string {
  const date = `2026-${two(1 + (value % 12))}-${two(1 + ((value * 3) % 28))}`;
  const time = `${two((value * 7) % 24)}:${two((value * 11) % 60)}:${two((value * 13) % 60)}`;
  const fraction = ['', '.5', '.000', '.123456', '.120000000', ''][way];
  const zone = ['', 'Z', '+01:00', '-0530', '+14', '-00:30'][(value + way) % 6];
  return `${date}${way % 2 === 0 ? 'T' : ' '}${time}${fraction}${zone}`;
}

const noNumbers = ['x', '1e3', '0x10', ' 1', '1 ', '+1', '.5', '1,5', '--1', '−1'];

const bad: Record<ColumnType['kind'], readonly string[]> = {
  text: [],
  integer: [...noNumbers, '1.5', '9223372036854775808', '-9223372036854775809'],
  decimal: [...noNumbers, `1${'0'.repeat(38)}`, `0.${'0'.repeat(9)}1`],
  boolean: ['yes', '1', 'tRUE', ' true'],
  date: ['2026-02-30', '23.11.2026', '2026-11-23T00:00:00', '2026-1-1'],
  timestamp: ['2026-11-23', '2026-11-23T24:00:00', '2026-11-23T23:59:60Z', '2026-02-30T00:00:00'],
};

export function badCells({ kind }: ColumnType): readonly string[] {
  return bad[kind];
}
