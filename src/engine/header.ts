import type { EngineJob, RawProblem } from '../core/ports.js';
import { artefactOf, differenceOf, folded, hasNothingToSee, madeVisible } from './header-names.js';
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

export function categoriesOf({ names, categories }: Columns): readonly string[] {
  return categories.map((index) => names[index] as string);
}

type HeaderJob = Pick<EngineJob, 'layout' | 'ignoredColumns'>;

/** Throws FileFault with everything that is wrong with the header, which stands on `line`. */
export function readHeader(
  names: readonly string[],
  file: string,
  job: HeaderJob,
  line = 1,
): Columns {
  const { layout, ignoredColumns } = job;
  const hour = names.indexOf(hourColumn);
  const suspicions = suspicionsIn(names, job);
  const wrong = [...nameProblems(names, suspicions, file, line)];
  const isThere = hour !== -1 || [...suspicions.values()].some(({ meant }) => meant === hourColumn);
  if (!isThere) {
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

function* nameProblems(
  names: readonly string[],
  suspicions: ReadonlyMap<string, Suspicion>,
  file: string,
  line: number,
): Generator<RawProblem> {
  const places = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const place = index + 1;
    const first = places.get(name);
    const suspicion = suspicions.get(name);
    if (hasNothingToSee(name)) {
      yield problemIn(file, `column ${place} of the header has no name`, { line, value: name });
    } else if (first !== undefined) {
      const message = `columns ${first} and ${place} of the header are both named ${shorten(name)}`;
      yield problemIn(file, message, { line, column: name });
    } else {
      places.set(name, place);
      if (suspicion === undefined) continue;
      yield problemIn(file, suspicion.message, { line, column: madeVisible(name) });
    }
  }
}

interface Suspicion {
  /** The column that it probably is; null where it is probably none. */
  readonly meant: string | null;
  readonly message: string;
}

/** Names that would count as categories, and are hardly one. An ignored column may have any name. */
function suspicionsIn(names: readonly string[], job: HeaderJob): Map<string, Suspicion> {
  const { layout, ignoredColumns } = job;
  const needed = [hourColumn, layout.dayColumn];
  const known = new Map([...ignoredColumns, ...needed].map((name) => [folded(name), name]));
  const found = new Map<string, Suspicion>();
  for (const name of names) {
    if (needed.includes(name) || ignoredColumns.has(name)) continue;
    const meant = known.get(folded(name)) ?? null;
    const origin = artefactOf(name);
    if (meant !== null) found.set(name, { meant, message: nearMiss(name, meant, needed) });
    else if (origin !== null) found.set(name, { meant, message: artefact(origin) });
  }
  return found;
}

function nearMiss(name: string, meant: string, needed: readonly string[]): string {
  const probably = `it is probably the column ${JSON.stringify(meant)} ${differenceOf(name, meant)}`;
  return needed.includes(meant)
    ? `${probably}; rename it`
    : `${probably}, and would count as items; rename it, or ${ignoreIt}`;
}

function artefact(origin: string): string {
  return `it is probably ${origin}, and would count as items; write the file without it, or ${ignoreIt}`;
}

const ignoreIt = 'add it as it is to DAYMARK_IGNORED_COLUMNS';
