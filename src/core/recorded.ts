import { isDeepStrictEqual } from 'node:util';
import type { WriterSettings } from '../model/ledger.js';
import type { RunRequest } from '../model/run.js';
import type { Plan } from './plan.js';
import type { OutputState } from './ports/output.js';
import type { Survey } from './survey.js';

/** Whether a commit without days would record nothing new, about the output or the settings. */
export function isRecorded(
  { described, record }: Pick<OutputState, 'described' | 'record'>,
  settings: WriterSettings,
): boolean {
  return described && (record === null || isDeepStrictEqual(record.settings, settings));
}

/** The same of what a look found: a file without a day can still have other columns. */
export function isSettled({ columns, output }: Survey, settings: WriterSettings): boolean {
  return columns === null && isRecorded(output, settings);
}

/** Whether a run that starts from `survey` would neither aggregate nor commit anything. */
export function isIdle(
  found: Plan,
  survey: Survey,
  request: RunRequest,
  settings: WriterSettings,
): boolean {
  const nothingToWrite = request.dryRun || isSettled(survey, settings);
  return found.take.length === 0 && found.leave.length === 0 && nothingToWrite;
}
