import type { WideDefinition } from '../model/definition.js';
import type { RawProblem } from '../model/raw-problem.js';
import { madeVisible } from './header-names.js';
import { judgeNames, type NameVerdict } from './judge-names.js';
import { FileFault, problemIn, shorten } from './problems.js';

/** What each column of a file is, by index. */
export interface Columns {
  readonly names: readonly string[];
  /** In the order of the definition. */
  readonly by: readonly number[];
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
  definition: WideDefinition,
  line = 1,
): Columns {
  const { verdicts, isCategory } = judgeNames(names, definition);
  const wrong = [...nameProblems(names, verdicts, file, line)];
  for (const { column } of definition.by) {
    if (names.includes(column) || verdicts.some((verdict) => isNearly(column, verdict))) continue;
    wrong.push(problemIn(file, 'the header lacks this column', { line, column }));
  }
  if (wrong.length > 0) throw new FileFault(wrong);

  const { dayColumn } = definition;
  const day = dayColumn === null ? -1 : names.indexOf(dayColumn);
  return {
    names,
    by: definition.by.map(({ column }) => names.indexOf(column)),
    day: day === -1 ? null : day,
    categories: [...names.keys()].filter((index) => isCategory(names[index] as string)),
  };
}

function isNearly(column: string, verdict: NameVerdict): boolean {
  return verdict !== 'nameless' && verdict?.meant === column;
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
