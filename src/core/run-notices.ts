/** What notices mean for a run: its warnings, or its failure. */

import type { RunError } from '../model/run.js';
import type { Reconciler } from './reconciler.js';
import type { Survey } from './survey.js';

/** What the look found that a run began with, and what happened since the last run. */
export function warningsOf(
  { notices }: Survey,
  reconciler: Reconciler,
  by: { readonly dryRun: boolean },
): string[] {
  const found = notices.filter(({ code }) => code !== 'recovered').map(({ message }) => message);
  return [...reconciler.told(by), ...found];
}

/** A run that finds folders but no days has not done its work. */
export function noDaysError({ notices }: Survey): RunError | null {
  const notice = notices.find(({ code }) => code === 'no-days');
  return notice === undefined ? null : { slug: 'no-days', detail: notice.message };
}
