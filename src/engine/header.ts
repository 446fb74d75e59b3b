import type { RawProblem } from '../model/raw-problem.js';
import { madeVisible } from './header-names.js';
import { hourColumn, judgeNames, type NameJob, type NameVerdict } from './judge-names.js';
import { FileFault, problemIn, shorten } from './problems.js';

/** What each column of a file is, by index. */
export interface Columns {
  readonly names: readonly string[];
  readonly hour: number;
  /** Null where the file has no day column. */
  readonly day: number | null;
  readonly categories: readonly number[];
}

export function categoriesOf({ names, categories }: Columns): readonly string[] {
  return categories.map((index) => names[index] as string);
}

/** Throws FileFault with everything that is wrong with the header, which stands on `line`. */
export function readHeader(
  names: readonly string[],
  file: string,
  job: NameJob,
  line = 1,
): Columns {
  const { layout, ignoredColumns } = job;
  const hour = names.indexOf(hourColumn);
  const verdicts = judgeNames(names, job);
  const wrong = [...nameProblems(names, verdicts, file, line)];
  if (hour === -1 && !verdicts.some(isNearlyHour)) {
    wrong.push(problemIn(file, 'the header lacks this column', { line, column: hourColumn }));
  }
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

function isNearlyHour(verdict: NameVerdict): boolean {
  return verdict !== 'nameless' && verdict?.meant === hourColumn;
}

/** Of a header that stands on `line`. */
export function* nameProblems(
  names: readonly string[],
  verdicts: readonly NameVerdict[],
  file: string,
  line: number,
): Generator<RawProblem> {
  const places = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const place = index + 1;
    const first = places.get(name);
    const verdict = verdicts[index] ?? null;
    places.set(name, first ?? place);
    if (verdict === 'nameless') {
      yield problemIn(file, `column ${place} of the header has no name`, { line, value: name });
    } else if (first !== undefined) {
      const message = `columns ${first} and ${place} of the header are both named ${shorten(name)}`;
      yield problemIn(file, message, { line, column: name });
    } else if (verdict !== null) {
      yield problemIn(file, verdict.message, { line, column: madeVisible(name) });
    }
  }
}
