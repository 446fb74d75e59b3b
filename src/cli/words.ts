/** Numbers, sizes and times as people read them. */
import { mostRemarks } from '../model/day.js';
import { formatTotal, type Total } from '../model/total.js';

/** With commas between thousands; a dash where there is none. */
export function numeral(count: Total | null | undefined): string {
  return count === null || count === undefined ? '-' : formatTotal(count);
}

/** `1 day`, `2 days` */
export function counted(count: Total, noun: string): string {
  return `${numeral(count)} ${noun}${count === 1 ? '' : 's'}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

export function size(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function duration(ms: number | null): string {
  if (ms === null) return '-';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}

/** To the second, in UTC: every place reads the same. */
export function moment(iso: string | null): string {
  return iso === null ? '-' : `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}

/** `2, 3, 4 and 5 more`; where `names` holds the most that is told, there may be others. */
export function listed(
  names: readonly string[],
  limit = 20,
  most = Number.POSITIVE_INFINITY,
): string {
  const more = names.length - limit;
  const atLeast = names.length < most ? '' : 'at least ';
  const first = names.slice(0, limit).join(', ');
  return more > 0 ? `${first} and ${atLeast}${more} more` : first;
}

export function listedGaps(gaps: readonly string[]): string {
  return listed(gaps, 20, mostRemarks);
}
