/** Whether the names of a header can be accepted. */
import type { WideDefinition } from '../model/definition.js';
import { artefactOf, differenceOf, folded, hasNothingToSee } from './header-names.js';

export interface Suspicion {
  /** The column that is probably meant; null if there is none. */
  readonly meant: string | null;
  readonly message: string;
}

/** The problem of one name; null if there is none. */
export type NameVerdict = 'nameless' | Suspicion | null;

interface Judge {
  /** Without them a row cannot be read. */
  readonly needed: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
  readonly known: ReadonlyMap<string, string>;
  /** Files of all days have nearly the same columns, so each name is judged once. */
  readonly verdicts: Map<string, NameVerdict>;
}

/** All jobs of a dataset have the same definition. */
const judges = new WeakMap<WideDefinition, Judge>();
const mostVerdicts = 20_000;

/** An ignored column may have any name. */
export function judgeNames(
  names: readonly string[],
  definition: WideDefinition,
): { readonly verdicts: readonly NameVerdict[]; isCategory(name: string): boolean } {
  const judge = judgeFor(definition);
  const { needed, ignored, verdicts } = judge;
  const judged = names.map((name) => {
    const verdict = verdicts.get(name);
    if (verdict !== undefined) return verdict;
    if (verdicts.size === mostVerdicts) verdicts.clear();
    const found = judgeName(name, judge);
    verdicts.set(name, found);
    return found;
  });
  return { verdicts: judged, isCategory: (name) => !needed.has(name) && !ignored.has(name) };
}

function judgeFor(definition: WideDefinition): Judge {
  const made = judges.get(definition);
  if (made !== undefined) return made;
  const { by, dayColumn, ignore } = definition;
  const needed = [...by.map(({ column }) => column), ...(dayColumn === null ? [] : [dayColumn])];
  const known = new Map([...ignore, ...needed].map((name) => [folded(name), name]));
  // For a column named by a single symbol, any other symbol would be similar.
  known.delete('');
  const verdicts = new Map<string, NameVerdict>();
  const judge = { needed: new Set(needed), ignored: new Set(ignore), known, verdicts };
  judges.set(definition, judge);
  return judge;
}

function judgeName(name: string, { needed, ignored, known }: Judge): NameVerdict {
  if (needed.has(name) || ignored.has(name)) return null;
  if (hasNothingToSee(name)) return 'nameless';
  const meant = known.get(folded(name)) ?? null;
  if (meant !== null) return { meant, message: nearMiss(name, meant, needed) };
  const origin = artefactOf(name);
  return origin === null ? null : { meant, message: artefact(origin) };
}

function nearMiss(name: string, meant: string, needed: ReadonlySet<string>): string {
  const probably = `it is probably the column ${JSON.stringify(meant)} ${differenceOf(name, meant)}`;
  if (needed.has(meant)) return `${probably}; rename it`;
  const counted = `${probably}, and would be counted as a category; rename it`;
  return canBeListed(name) ? `${counted}, or ${ignoreIt}` : counted;
}

/** The setting is a list with commas and blanks between the names. */
function canBeListed(name: string): boolean {
  return name === name.trim() && !name.includes(',');
}

function artefact(origin: string): string {
  return `it is probably ${origin}, and would be counted as a category; write the file without it, or ${ignoreIt}`;
}

const ignoreIt = 'add it as it is to DAYMARK_IGNORED_COLUMNS';
