import { duration, size, times, whole } from '../figures.js';
import { httpRows } from '../http-rows.js';
import { names, plainStatsName } from '../names.js';
import {
  type AllMeasured,
  type DayResult,
  type GrowthOfSize,
  growthSubjects,
  type HistoryResult,
  type LargeResult,
} from '../results.js';
import type { Summary } from '../statistics.js';
import type { Bar } from './bar.js';

export function barsTable(bars: readonly Bar[]): string[] {
  const words = { true: 'met', false: '**not met**', null: 'unknown' } as const;
  const rows = bars.map(({ promise, measured, met }) => [promise, measured, words[`${met}`]]);
  return markdownTable([['promise', 'measured', ''], ...rows]);
}

/** One shape: a row for each contestant, a column for each size. */
export function daysTable(days: readonly DayResult[]): string[] {
  const contestants = days[0]?.contestants.map(({ name }) => name) ?? [];
  const head = days.map(({ orders, sizeBytes }) => `${whole(orders)} (${size(sizeBytes)})`);
  const rows = contestants.map((name) => [
    name.includes('>') ? `\`${name}\`` : name,
    ...days.map((day) => dayCell(day, name)),
  ]);
  return markdownTable([['', ...head], ...rows]);
}

function dayCell(day: DayResult, name: string): string {
  const median = (who: string) => day.contestants.find((each) => each.name === who)?.time.median;
  const job = day.contestants.find((each) => each.name === name)?.job?.median;
  const value = median(name);
  if (value === undefined) return '';
  const ratio = times(value / (median(names.http) ?? Number.NaN));
  return `${duration(value)}${job === undefined ? '' : `, job ${duration(job)}`} (${ratio})`;
}

export function largeTable(large: LargeResult): string[] {
  if (large.skipped !== null) return [`Not measured: ${large.skipped}.`];
  const spread = (summary: Summary | null) =>
    summary === null
      ? 'unknown'
      : `${duration(summary.median)} (${duration(summary.min)} … ${duration(summary.max)})`;
  const memory = (bytes: number | null) => (bytes === null ? 'unknown' : size(bytes));
  return markdownTable([
    [`${whole(large.orders ?? 0)} orders, ${size(large.sizeBytes ?? 0)}`, ''],
    ['over HTTP', spread(large.run)],
    ['`wc -l`', spread(large.wc)],
    ['peak memory of the service', memory(large.peakMemoryBytes)],
    ['… before its first run', memory(large.idleMemoryBytes)],
  ]);
}

export function growthTable({ histories }: GrowthOfSize): string[] {
  const head = histories.map(({ days }) => `${whole(days)} days`);
  const sizes = histories.map(({ outputBytes }) => size(outputBytes));
  const rows = growthSubjects.map((subject) => {
    const medians = histories.map((history) => history.times[subject].median);
    const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
    const name = /^GET/.test(subject) ? `\`${subject}\`` : subject;
    return [name, ...medians.map(duration), times(ratio)];
  });
  return markdownTable([
    ['', ...head, 'last to first'],
    ['size of the output', ...sizes, ''],
    ...rows,
    [plainStatsName, ...histories.map(plainStatsOf), ''],
  ]);
}

function plainStatsOf({ plainStats }: HistoryResult): string {
  return plainStats === null ? 'not measured' : duration(plainStats.median);
}

export function httpTable({ subjects }: AllMeasured['http']['result']): string[] {
  const rows = httpRows(subjects).map(([name = '', ...figures]) => [
    name.includes('/v1/') ? `\`${name}\`` : name,
    ...figures,
  ]);
  return markdownTable(rows);
}

export function factsTable(all: AllMeasured): string[] {
  const rows = Object.entries(all).map(([part, { facts }]) => [
    part,
    `\`${facts.command}\``,
    `\`${facts.commit}\`${facts.modified ? ', modified' : ''}`,
    facts.startedAt.slice(0, 16).replace('T', ' '),
    `${facts.loadAtStart} / ${facts.loadAtEnd}`,
  ]);
  return markdownTable([
    ['part', 'command', 'commit', 'begun (UTC)', 'load before / after'],
    ...rows,
  ]);
}

export function chart(file: string, alt: string): string {
  return `![${alt}](images/${file})`;
}

export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)];
}
