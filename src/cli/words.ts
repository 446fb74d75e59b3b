/** Numbers and times for tables. */
import { duration, list } from '../client/words.js';
import { mostRemarks } from '../model/day.js';
import { formatTotal, type Total } from '../model/total.js';

/** With thousands separators; a dash for null. */
export function numeral(count: Total | null | undefined): string {
  return count === null || count === undefined ? '-' : formatTotal(count);
}

export function took(ms: number | null): string {
  return ms === null ? '-' : duration(ms);
}

/** To the second, in UTC: every place reads the same. */
export function moment(iso: string | null): string {
  return iso === null ? '-' : `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}

/** The first twenty. */
export function listed(names: readonly string[]): string {
  return list(names, 21);
}

export function listedGaps(gaps: readonly string[]): string {
  return list(gaps, 21, gaps.length, mostRemarks);
}
