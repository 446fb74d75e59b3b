/**
 * Days: the partition key, taken from the names of raw folders or files.
 *
 * A day is a string everywhere; only its layout can parse and order it.
 */

declare const dayBrand: unique symbol;

/** A validated day key, such as `3` (index layout) or `2026-11-23` (date layout). */
export type Day = string & { readonly [dayBrand]: true };

export const layoutNames = ['index', 'date'] as const;

export type LayoutName = (typeof layoutNames)[number];

export interface DayLayout {
  readonly name: LayoutName;
  /** What a day looks like, for messages to people. */
  readonly shape: string;
  /** The day that `text` names, or null. Accepts exactly one spelling of each day. */
  parse(text: string): Day | null;
  /** Negative when `a` comes first. Total over the days of this layout. */
  compare(a: Day, b: Day): number;
  /** The next day; null after the last that can be written. */
  next(day: Day): Day | null;
  /** Days next to each other, 64 at most, have the same number; those of later days are higher. */
  chunk(day: Day): number;
}

const dayMs = 86_400_000;

/** Non-negative integers without leading zeros, up to 2^53 − 1, in numeric order. */
const indexLayout: DayLayout = {
  name: 'index',
  shape: 'a non-negative integer without leading zeros, such as 3',
  parse: (text) =>
    /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text))
      ? (text as Day)
      : null,
  compare: (a, b) => Number(a) - Number(b),
  next: (day) => indexLayout.parse(String(Number(day) + 1)),
  chunk: (day) => Math.floor(Number(day) / 64),
};

/** Calendar dates `YYYY-MM-DD`, in calendar order (which is also the order of their text). */
const dateLayout: DayLayout = {
  name: 'date',
  shape: 'a calendar date, such as 2026-11-23',
  parse: (text) => {
    if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return null;
    const time = Date.parse(`${text}T00:00:00Z`);
    // Date.parse accepts 31 February and rolls it over; the round trip refuses it.
    return !Number.isNaN(time) && isoDate(time) === text ? (text as Day) : null;
  },
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  next: (day) => {
    const text = isoDate(Date.parse(`${day}T00:00:00Z`) + dayMs);
    // After the year 9999 there are six digits and a sign.
    return text.startsWith('+') ? null : (text as Day);
  },
  // A month.
  chunk: (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)),
};

/** The default name of the day column in the output. */
export const usualDayNames: Readonly<Record<LayoutName, string>> = {
  index: 'day_of_week',
  date: 'date',
};

const layouts: Record<LayoutName, DayLayout> = { index: indexLayout, date: dateLayout };

export function layoutOf(name: LayoutName): DayLayout {
  return layouts[name];
}

/** The most gaps, and the most entries that are not days, that a list shows. */
export const mostRemarks = 1000;

/** The days missing between the first and the last of `days` (sorted), at most `limit` of them. */
export function gapsIn(layout: DayLayout, days: readonly Day[], limit: number): Day[] {
  const gaps: Day[] = [];
  for (let index = 1; index < days.length && gaps.length < limit; index += 1) {
    const last = days[index] as Day;
    let day = layout.next(days[index - 1] as Day);
    while (day !== null && layout.compare(day, last) < 0 && gaps.length < limit) {
      gaps.push(day);
      day = layout.next(day);
    }
  }
  return gaps;
}

/** Both lists in order, and so is the result; a day in both appears once. */
export function mergeDays(layout: DayLayout, a: readonly Day[], b: readonly Day[]): Day[] {
  const union: Day[] = [];
  let [inA, inB] = [0, 0];
  while (inA < a.length && inB < b.length) {
    const [one, other] = [a[inA] as Day, b[inB] as Day];
    const order = one === other ? 0 : layout.compare(one, other);
    union.push(order <= 0 ? one : other);
    if (order <= 0) inA += 1;
    if (order >= 0) inB += 1;
  }
  return union.concat(a.slice(inA), b.slice(inB));
}

function isoDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
