/** Requests over HTTP as rows of a table: in the terminal and on the page. */
import { whole } from './figures.js';
import type { HttpSubjectResult } from './results.js';

/** The bare routes come first; whole percents of what they do are rounded down, so as not to flatter. */
export function httpRows(subjects: readonly HttpSubjectResult[]): string[][] {
  const [bare, bareRedis] = subjects.map(({ requestsPerSecond }) => requestsPerSecond.median);
  const share = (value: number, of = Number.NaN) => `${Math.floor((100 * value) / of)}%`;
  const rows = subjects.map(({ name, requestsPerSecond: { median }, p50, p99 }) => [
    name,
    whole(median),
    share(median, bare),
    share(median, bareRedis),
    `${p50.median} ms`,
    `${p99.median} ms`,
  ]);
  return [['', 'requests/s', 'of bare', 'of bare with Redis', 'p50', 'p99'], ...rows];
}
