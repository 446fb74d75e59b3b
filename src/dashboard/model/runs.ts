/** Runs in words. */

import { rowChanges } from '../../client/difference.js';
import type { ListedRun, RunDay } from '../../client/types.js';
import { count, list } from '../../client/words.js';
import { hasEnded } from '../../model/run.js';
import { readingBriefly } from './readings.js';

/** It found nothing to do: schedulers start many such runs, which are not interesting. */
export function isIdle({ status, summary, dryRun, reading, warnings }: ListedRun): boolean {
  const quiet = warnings.length === 0 && readingBriefly(reading) === null;
  return status === 'succeeded' && summary.days === 0 && !dryRun && quiet;
}

export function whatWasAsked({ select, requestedDays, summary, dryRun }: ListedRun): string {
  const what = {
    pending: 'pending days',
    new: 'new days',
    all: 'all days',
    days: list(requestedDays ?? [], 3, summary.requestedDays ?? 0),
  }[select];
  return dryRun ? `dry run of ${what}` : what;
}

const outcomeOrder = ['added', 'replaced', 'unchanged', 'failed', 'skipped'] as const;

/** `2 added, 1 failed`; for a dry run, what it would do. */
export function whatCameOfIt(run: ListedRun): string {
  if (run.error !== null) return run.error.title;
  const parts = outcomeOrder.flatMap((outcome) => {
    const days = run.summary.outcomes[outcome];
    return days === 0 ? [] : [`${count(days)} ${outcome}`];
  });
  if (parts.length > 0) return run.dryRun ? `would be: ${parts.join(', ')}` : parts.join(', ');
  return !hasEnded(run)
    ? 'under way'
    : run.status === 'succeeded'
      ? 'nothing to do'
      : 'no day processed';
}

export type RunLine =
  | { readonly kind: 'run'; readonly run: ListedRun }
  | { readonly kind: 'idle'; readonly runs: readonly ListedRun[] };

/** Neighbours that had nothing to do are one line. */
export function runLines(runs: readonly ListedRun[]): readonly RunLine[] {
  const lines: RunLine[] = [];
  for (const run of runs) {
    const last = lines.at(-1);
    if (!isIdle(run)) lines.push({ kind: 'run', run });
    else if (last?.kind === 'idle') lines.splice(-1, 1, { ...last, runs: [...last.runs, run] });
    else lines.push({ kind: 'idle', runs: [run] });
  }
  return lines;
}

/** What a dry run found for a day. */
export function differenceWords({ difference, outcome }: RunDay): string {
  if (difference === undefined)
    return outcome === 'failed' ? 'cannot be processed' : 'no difference';
  return rowChanges(difference).join(', ') || 'no difference';
}
