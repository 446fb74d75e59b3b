/** Describes what a template requires, in words. */
import { type DayParts, type Segment, write } from '../model/path-segment.js';
import type { PathTemplate, Reading } from '../model/path-template.js';
import { endingsOf } from '../model/template-rules.js';

/** The same day in both kinds as in the shapes of days. */
const exampleDay: DayParts = { index: '3', yyyy: '2026', MM: '11', dd: '23' };

/** Why an entry above the days is left out. */
export function whyNoDay(
  { segments, layout, dayLevel }: PathTemplate,
  level: number,
  name: string,
  reading: Reading,
): string {
  if (reading.kind === 'several') {
    return `Its name can be read as more than one day (${reading.days.join(', ')}); write more of the name into the template.`;
  }
  const { source = '{day}', patterns } = segments[level] ?? {};
  if (source === '{day}') return `Its name is not a day: a day is ${layout.shape}.`;
  const isFile = level === segments.length - 1;
  if (isFile && lacksEnding(segments, name)) {
    return `Its name does not end with ${anyOf(endingsOf({ segments }))}, as files of a day do.`;
  }
  const what = level < dayLevel ? 'leads to no day: a folder on the way' : 'is not a day: a day';
  return `Its name ${what} is named ${source}, such as ${write(patterns?.[0] ?? [], exampleDay)}.`;
}

function lacksEnding(segments: readonly Segment[], name: string): boolean {
  return !endingsOf({ segments }).some((ending) => name.toLowerCase().endsWith(ending));
}

/** Such as `.csv, .csv.gz or .parquet`. */
export function anyOf(endings: readonly string[]): string {
  return endings.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

export interface FileWords {
  /** Such as `a file that ends with .csv or .csv.gz`. */
  readonly one: string;
  /** Such as `files of a day end with .csv or .csv.gz`. */
  readonly all: string;
  readonly endings: readonly string[];
}

export function fileWords({ segments, dayLevel }: PathTemplate): FileWords {
  const endings = endingsOf({ segments });
  const inner = segments.slice(Math.min(dayLevel + 1, segments.length - 1));
  const anyName = inner.every(({ patterns }) =>
    patterns.every(([first, ...rest]) => first?.kind === 'any' && rest.length === 1),
  );
  if (anyName && inner.length === 1) {
    const ends = `with ${anyOf(endings)}`;
    return { one: `a file that ends ${ends}`, all: `files of a day end ${ends}`, endings };
  }
  const named = inner.map(({ source }) => source).join('/');
  return { one: `a file named ${named}`, all: `files of a day are named ${named}`, endings };
}

/** The explanation for a day's folder that is not read, by its level. */
export function whyNotEntered({ segments, dayLevel }: PathTemplate, level: number): string {
  const expected =
    level < segments.length - 1
      ? `folders of a day are named ${segments[level]?.source} here`
      : `files must lie directly in ${level === dayLevel + 1 ? "the day's folder" : `${segments[level - 1]?.source}`}`;
  return `It is a folder; ${expected}. Move its files there, or begin its name with _ if it holds no data.`;
}
