/**
 * The strip of days: months of a calendar, or stretches of thirty indexes, the newest first. Days that are
 * missing between the first and the last are shown in their place; a stretch that holds no day at all is
 * told in one line, so that two days a thousand years apart cost two groups and not a million cells.
 */
import type { DayStatus } from '../../client/types.js';

export type Slot =
  | { readonly kind: 'day'; readonly status: DayStatus }
  | { readonly kind: 'gap'; readonly day: string };

export type Group =
  | {
      readonly kind: 'days';
      readonly id: string;
      readonly label: string;
      /** Where the first slot stands in its row, from 0. */
      readonly offset: number;
      readonly slots: readonly Slot[];
    }
  | {
      readonly kind: 'void';
      readonly id: string;
      /** Groups without any day. */
      readonly groups: number;
      readonly days: number;
    };

/** How days of one layout are numbered, and put into groups. */
interface Grouping {
  numberOf(day: string): number;
  dayAt(number: number): string;
  groupOf(number: number): GroupSpan;
}

interface GroupSpan {
  /** Consecutive groups have consecutive numbers. */
  readonly ordinal: number;
  readonly first: number;
  readonly last: number;
  readonly label: string;
}

export function isDate(day: string): boolean {
  return day.includes('-');
}

/** Consecutive days have consecutive numbers. */
export function numberOf(day: string): number {
  return (isDate(day) ? byMonth : byThirty).numberOf(day);
}

/** The newest group first; `days` in day order. */
export function groupDays(days: readonly DayStatus[]): readonly Group[] {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  const grouping = isDate(first.day) ? byMonth : byThirty;
  const range = { first: grouping.numberOf(first.day), last: grouping.numberOf(last.day) };

  const groups: Group[] = [];
  let previous: GroupSpan | null = null;
  for (let at = 0; at < days.length; ) {
    const span = grouping.groupOf(grouping.numberOf(days[at]?.day ?? first.day));
    if (previous !== null) groups.push(...voidBetween(previous, span));
    const members: DayStatus[] = [];
    for (; at < days.length; at += 1) {
      const status = days[at];
      if (status === undefined || grouping.numberOf(status.day) > span.last) break;
      members.push(status);
    }
    groups.push(groupOf(grouping, span, members, range));
    previous = span;
  }
  return groups.reverse();
}

/** Days that are missing between the first and the last. */
export function countGaps(groups: readonly Group[]): number {
  let gaps = 0;
  for (const group of groups) {
    if (group.kind === 'void') gaps += group.days;
    else gaps += group.slots.filter(({ kind }) => kind === 'gap').length;
  }
  return gaps;
}

function groupOf(
  grouping: Grouping,
  span: GroupSpan,
  members: readonly DayStatus[],
  range: { readonly first: number; readonly last: number },
): Group {
  const from = Math.max(span.first, range.first);
  const to = Math.min(span.last, range.last);
  const known = new Map(members.map((status) => [grouping.numberOf(status.day), status]));
  const slots = Array.from({ length: to - from + 1 }, (_, index): Slot => {
    const status = known.get(from + index);
    return status === undefined
      ? { kind: 'gap', day: grouping.dayAt(from + index) }
      : { kind: 'day', status };
  });
  return { kind: 'days', id: span.label, label: span.label, offset: from - span.first, slots };
}

function voidBetween(before: GroupSpan, after: GroupSpan): Group[] {
  const groups = after.ordinal - before.ordinal - 1;
  if (groups < 1) return [];
  const days = after.first - before.last - 1;
  return [{ kind: 'void', id: `${before.label} to ${after.label}`, groups, days }];
}

const dayMs = 86_400_000;
const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const byMonth: Grouping = {
  numberOf: (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs),
  dayAt: (number) => new Date(number * dayMs).toISOString().slice(0, 10),
  groupOf: (number) => {
    const date = new Date(number * dayMs);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    // Date.UTC takes the years 0 to 99 for those of the last century.
    const startOf = (month: number) => new Date(0).setUTCFullYear(year, month, 1) / dayMs;
    return {
      ordinal: year * 12 + month,
      first: startOf(month),
      last: startOf(month + 1) - 1,
      label: `${monthNames[month]} ${year}`,
    };
  },
};

const stretch = 30;

const byThirty: Grouping = {
  numberOf: Number,
  dayAt: String,
  groupOf: (number) => {
    const ordinal = Math.floor(number / stretch);
    const first = ordinal * stretch;
    return { ordinal, first, last: first + stretch - 1, label: `${first}–${first + stretch - 1}` };
  },
};
