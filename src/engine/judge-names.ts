/** Whether the names of a header can be taken as they are. */
import type { EngineJob } from '../core/ports/engine.js';
import { artefactOf, differenceOf, folded, hasNothingToSee } from './header-names.js';

export const hourColumn = 'order_hour_of_day';

export interface Suspicion {
  /** The column that it probably is; null where it is probably none. */
  readonly meant: string | null;
  readonly message: string;
}

/** Of one name; null where nothing is to be said against it. */
export type NameVerdict = 'nameless' | Suspicion | null;

export type NameJob = Pick<EngineJob, 'layout' | 'ignoredColumns'>;

interface Judge {
  readonly dayColumn: string;
  readonly known: ReadonlyMap<string, string>;
  /** Files of all days have nearly the same columns: each name is thought over once. */
  readonly verdicts: Map<string, NameVerdict>;
}

/** By the ignored columns, which are the same for all jobs of a service. */
const judges = new WeakMap<ReadonlySet<string>, Judge>();
const mostVerdicts = 20_000;

/** An ignored column may have any name. */
export function judgeNames(names: readonly string[], job: NameJob): NameVerdict[] {
  const { verdicts, known } = judgeFor(job);
  return names.map((name) => {
    const verdict = verdicts.get(name);
    if (verdict !== undefined) return verdict;
    if (verdicts.size === mostVerdicts) verdicts.clear();
    const found = judgeName(name, known, job);
    verdicts.set(name, found);
    return found;
  });
}

function judgeFor({ ignoredColumns, layout: { dayColumn } }: NameJob): Judge {
  const made = judges.get(ignoredColumns);
  if (made?.dayColumn === dayColumn) return made;
  const all = [...ignoredColumns, hourColumn, dayColumn];
  const known = new Map(all.map((name) => [folded(name), name]));
  // Of a column named by a sign alone, any other sign would be a near miss.
  known.delete('');
  const judge: Judge = { dayColumn, known, verdicts: new Map() };
  judges.set(ignoredColumns, judge);
  return judge;
}

function judgeName(
  name: string,
  known: ReadonlyMap<string, string>,
  { layout, ignoredColumns }: NameJob,
): NameVerdict {
  const needed = [hourColumn, layout.dayColumn];
  if (needed.includes(name) || ignoredColumns.has(name)) return null;
  if (hasNothingToSee(name)) return 'nameless';
  const meant = known.get(folded(name)) ?? null;
  if (meant !== null) return { meant, message: nearMiss(name, meant, needed) };
  const origin = artefactOf(name);
  return origin === null ? null : { meant, message: artefact(origin) };
}

function nearMiss(name: string, meant: string, needed: readonly string[]): string {
  const probably = `it is probably the column ${JSON.stringify(meant)} ${differenceOf(name, meant)}`;
  if (needed.includes(meant)) return `${probably}; rename it`;
  const counted = `${probably}, and would count as items; rename it`;
  return canBeListed(name) ? `${counted}, or ${ignoreIt}` : counted;
}

/** The setting is a list with commas and blanks between the names. */
function canBeListed(name: string): boolean {
  return name === name.trim() && !name.includes(',');
}

function artefact(origin: string): string {
  return `it is probably ${origin}, and would count as items; write the file without it, or ${ignoreIt}`;
}

const ignoreIt = 'add it as it is to DAYMARK_IGNORED_COLUMNS';
