/** What a part measures under names of its own: times and sizes, each for several histories or services. */
import { duration, size } from './figures.js';
import { type Summary, summarize } from './statistics.js';

export interface MeasuredColumn<Subject extends string, Size extends string> {
  readonly times: Readonly<Record<Subject, Summary>>;
  /** Null where it cannot be told here. */
  readonly bytes: Readonly<Record<Size, number | null>>;
}

export function perName<Name extends string, T>(
  names: readonly Name[],
  make: (name: Name) => T,
): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>;
}

/** Throws where nothing was measured of one of them. */
export function summariesOf<Subject extends string>(
  names: readonly Subject[],
  times: Readonly<Record<Subject, readonly number[]>>,
): Record<Subject, Summary> {
  return perName(names, (name) => summarize(times[name]));
}

/** A row of medians for each subject, and one for each size. */
export function rowsOf<Subject extends string, Size extends string>(
  subjects: readonly Subject[],
  sizes: readonly Size[],
  columns: readonly MeasuredColumn<Subject, Size>[],
): string[][] {
  return [
    ...subjects.map((name) => [name, ...columns.map(({ times }) => duration(times[name].median))]),
    ...sizes.map((name) => [name, ...columns.map(({ bytes }) => told(bytes[name]))]),
  ];
}

function told(bytes: number | null): string {
  return bytes === null ? 'unknown' : size(bytes);
}
