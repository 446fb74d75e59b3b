/** Numbers, durations, sizes and moments in words. English, because the API speaks it. */
import { formatTotal, type Total } from '../model/total.js';

export { formatTotal as count };

/** `1 day`, `3 days`. */
export function countOf(value: Total, singular: string, plural = `${singular}s`): string {
  return `${formatTotal(value)} ${value === 1 ? singular : plural}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as disks and object stores count. */
export function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power > 0 && value < 10 ? 1 : 0)} ${units[power]}`;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Roughly how long ago; a time in the future (clocks differ) counts as now. */
export function ago(fromMs: number, nowMs: number): string {
  const seconds = Math.floor((nowMs - fromMs) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.floor(hours / 24)} days ago`;
}

/** In the reader's time zone: `14:02` today, otherwise `23 Nov, 14:02`. */
export function clock(instant: string, nowMs: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit' });
  const date = new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short' });
  const at = new Date(instant);
  const day = date.format(at);
  return day === date.format(nowMs) ? time.format(at) : `${day}, ${time.format(at)}`;
}

/**
 * `1`, `1 and 2`, `1, 2 and 3`; past `limit`, `1, 2 and 7 more`. Give `total` if `items` are the first of more, and
 * `mostTold` if a list of that length may be incomplete.
 */
export function list(
  items: readonly string[],
  limit = 8,
  total = items.length,
  mostTold = Number.POSITIVE_INFINITY,
): string {
  const shown = total > limit ? items.slice(0, limit - 1) : items;
  const rest = total - shown.length;
  const atLeast = total < mostTold ? '' : 'at least ';
  const parts = rest > 0 ? [...shown, `${atLeast}${formatTotal(rest)} more`] : shown;
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function sentence(text: string): string {
  return ended(capitalised(text));
}

/** Adds a full stop but leaves the first letter: it may belong to a file name. */
export function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
