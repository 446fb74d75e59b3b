import type { EngineJob, RawProblem } from '../core/ports.js';
import { FileFault, problemIn, shorten } from './problems.js';

export const hourColumn = 'order_hour_of_day';

/** What each column of a file is, by index. */
export interface Columns {
  readonly names: readonly string[];
  readonly hour: number;
  /** Null where the file has no day column. */
  readonly day: number | null;
  readonly categories: readonly number[];
}

/** Throws FileFault with everything that is wrong with the header. */
export function readHeader(
  names: readonly string[],
  file: string,
  { layout, ignoredColumns }: Pick<EngineJob, 'layout' | 'ignoredColumns'>,
): Columns {
  const hour = names.indexOf(hourColumn);
  const wrong = [...nameProblems(names, file)];
  if (hour === -1) wrong.push(problemIn(file, 'the header lacks this column', missingHour));
  if (wrong.length > 0) throw new FileFault(wrong);

  const day = names.indexOf(layout.dayColumn);
  const isCategory = (index: number) =>
    index !== hour && index !== day && !ignoredColumns.has(names[index] as string);
  return {
    names,
    hour,
    day: day === -1 ? null : day,
    categories: [...names.keys()].filter(isCategory),
  };
}

const missingHour = { line: 1, column: hourColumn };

function* nameProblems(names: readonly string[], file: string): Generator<RawProblem> {
  const places = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const place = index + 1;
    const first = places.get(name);
    if (name.trim() === '') {
      yield problemIn(file, `column ${place} of the header has no name`, { line: 1, value: name });
    } else if (first !== undefined) {
      const message = `columns ${first} and ${place} of the header are both named ${shorten(name)}`;
      yield problemIn(file, message, { line: 1, column: name });
    } else {
      places.set(name, place);
    }
  }
}
