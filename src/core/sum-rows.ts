/**
 * The rows of several days, summed by one of their keys: the largest sums, and the sum of all others. The work of one
 * request is bounded: it reads as many of the newest days as fit, and reports how many it left out.
 */
import { type Column, compareCellsOf, type OutputShape } from '../model/column.js';
import type { Day } from '../model/day.js';
import { sumTotals } from '../model/totals.js';
import { type BrowseOptions, daysOf, matches, ofOneVersion } from './browse-rows.js';
import type { RowSums, SumWish, WantedSums } from './control-plane.js';
import { Groups } from './row-groups.js';
import type { Survey } from './survey.js';

/** About half a million rows and a second of work, with pauses for other requests. */
export const mostBytes = 16 << 20;
/** In memory at a time; a day with more is left out. */
export const mostGroups = 50_000;

export interface SumBounds {
  readonly bytes: number;
  readonly groups: number;
}

export async function sumRows(
  options: BrowseOptions,
  wanted: WantedSums,
  signal: AbortSignal,
  bounds: SumBounds = { bytes: mostBytes, groups: mostGroups },
): Promise<RowSums> {
  return ofOneVersion(options, (survey) =>
    sumDays(options, survey, wanted(survey.output.shape), { ...bounds, signal }),
  );
}

interface Limits extends SumBounds {
  readonly signal: AbortSignal;
}

/** Null if the output was replaced in the meantime. */
async function sumDays(
  options: BrowseOptions,
  survey: Survey,
  wish: SumWish,
  limits: Limits,
): Promise<RowSums | null> {
  const { shape } = survey.output;
  const wanted = daysOf(survey, { ...wish, behind: null });
  const all = new Groups(shape);
  const days: Day[] = [];
  let leftBytes = limits.bytes;
  for (const day of wanted.toReversed()) {
    leftBytes -= survey.output.days.get(day)?.sizeBytes ?? 0;
    if (leftBytes < 0) break;
    const end = await addDay(options, survey, wish, day, { ...limits, all });
    if (end === 'replaced') return null;
    if (end === 'too-many' || limits.signal.aborted) break;
    days.unshift(day);
  }
  const leftOut = wanted.length - days.length;
  return { shape, wish, ...largest(shape, all, wish), days, leftOut };
}

/** All of the day, or nothing of it. */
async function addDay(
  options: BrowseOptions,
  survey: Survey,
  wish: SumWish,
  day: Day,
  { all, ...limits }: Limits & { readonly all: Groups },
): Promise<'added' | 'replaced' | 'too-many'> {
  // Each row adds at most one value. A day with more rows than there is room for is added only once it is complete.
  const fits = all.size + (survey.output.days.get(day)?.rows ?? 0) <= limits.groups;
  const sums = fits ? all : new Groups(survey.output.shape);
  if (!(await readDay(options, survey, wish, day, { ...limits, into: sums }))) return 'replaced';
  if (fits) return 'added';
  if (all.size + sums.size > limits.groups) return 'too-many';
  all.join(sums);
  return 'added';
}

/** Ends early if there are too many values, or if nobody waits any more. False if the output was replaced. */
function readDay(
  { output }: BrowseOptions,
  survey: Survey,
  { keys, by, perDay }: SumWish,
  day: Day,
  { groups, signal, into }: Limits & { readonly into: Groups },
): Promise<boolean> {
  const filter = [...keys];
  return output.rows(survey.output, { days: [day], behind: null }, (row) => {
    if (matches(row, filter)) into.add(perDay ? day : null, row.key[by] ?? null, row);
    return into.size <= groups && !signal.aborted;
  });
}

function largest(
  { keys }: OutputShape,
  all: Groups,
  { by, measure, limit }: SumWish,
): Pick<RowSums, 'groups' | 'others'> {
  const sorted = all.sorted(measure, compareCellsOf((keys[by] as Column).type));
  const rest = sorted.slice(limit);
  const others = {
    groups: rest.length,
    rows: rest.reduce((sum, { rows }) => sum + rows, 0),
    totals: sumTotals(rest.map(({ totals }) => totals)),
  };
  return { groups: sorted.slice(0, limit), others: rest.length === 0 ? null : others };
}
