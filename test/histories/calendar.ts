/** The days that histories speak of, in either layout. */
import { type LayoutName, usualDayNames } from '../../src/model/day.js';

export interface Calendar {
  readonly layout: LayoutName;
  /** What an output calls the day, unless its definition says otherwise. */
  readonly dayName: string;
  /** What raw files call it. */
  readonly dayColumn: string;
  /** In order; the last one sorts elsewhere as text in the index layout. */
  readonly days: readonly [string, string, string, string, string];
  /** What the checkpoint store may be found to hold; null for nothing. */
  readonly stored: readonly (string | null)[];
  compare(a: string, b: string): number;
  isDay(text: string): boolean;
}

export const calendars: readonly Calendar[] = [
  {
    layout: 'index',
    dayName: usualDayNames.index,
    dayColumn: 'order_dow',
    days: ['0', '1', '2', '3', '10'],
    stored: ['0', '2', '7', '10', '99', 'junk', '02', '', null],
    compare: (a, b) => Number(a) - Number(b),
    isDay: (text) => /^(0|[1-9][0-9]*)$/.test(text),
  },
  {
    layout: 'date',
    dayName: usualDayNames.date,
    dayColumn: 'order_date',
    days: ['2027-12-31', '2028-01-01', '2028-02-28', '2028-02-29', '2028-10-01'],
    stored: [
      '2028-01-01',
      '2028-02-29',
      '2028-03-01',
      '2030-01-01',
      '2027-02-29',
      'junk',
      '3',
      null,
    ],
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    isDay: (text) => text !== '2027-02-29' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text),
  },
];
