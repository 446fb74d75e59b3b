/** Rewinding the checkpoint: days above it are marked for reprocessing, and no row is touched. */

import type { Day, DayLayout } from '../model/day.js';
import { ProblemError } from '../model/problems.js';
import { isHeld, rewindingOf } from '../model/rewind.js';
import { createCommitGate } from './commit-gate.js';
import type { RewindReport } from './control-plane.js';
import { adoptable } from './execute-run.js';
import type { OutputStore } from './ports/output.js';
import { rawMarkOf } from './raw-presence.js';
import type { Reconciler } from './reconciler.js';
import type { Survey } from './survey.js';

const maxTries = 10;

export interface RewindOptions {
  readonly layout: DayLayout;
  readonly definition: string;
  readonly output: OutputStore;
  readonly reconciler: Reconciler;
}

/** To `target`, or everything if it is null. The caller ensures that no run is active. */
export async function rewind(
  options: RewindOptions,
  commitId: string,
  target: Day | null,
): Promise<RewindReport> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const survey = await options.reconciler.survey();
    checkTarget(options.layout, survey, target);
    const { marked, untouched } = rewindingOf(survey.days, target);
    const commit = await mark(options, commitId, survey, marked);
    if (commit === 'conflict') continue;
    const { survey: after } = await options.reconciler.advance(survey.raw);
    return { checkpoint: after.checkpoint, marked, untouched, commit };
  }
  const detail = 'Other writers kept committing; the checkpoint was not moved.';
  throw new ProblemError('output-unavailable', detail);
}

function checkTarget(layout: DayLayout, { checkpoint, days }: Survey, target: Day | null): void {
  if (target === null) return;
  const { highest } = checkpoint;
  if (highest === null || layout.compare(target, highest) > 0) {
    const now = highest === null ? 'null' : `day ${highest}`;
    const detail = `The checkpoint is ${now}; setting it to day ${target} would skip data.`;
    throw new ProblemError('checkpoint-ahead', detail);
  }
  const status = days.find(({ day }) => day === target);
  if (status === undefined || !isHeld(status)) {
    throw new ProblemError('day-unknown', `The output does not hold day ${target}.`);
  }
}

async function mark(
  { output, reconciler, definition }: RewindOptions,
  runId: string,
  survey: Survey,
  marked: readonly Day[],
): Promise<number | null | 'conflict'> {
  if (marked.length === 0) return null;
  const change = {
    runId,
    // Nothing is read.
    engine: null,
    definition,
    replace: new Map(),
    mark: new Set(marked),
    adopt: adoptable(survey),
    raw: rawMarkOf(survey.raw, survey.judged),
    columns: survey.output.record?.columns ?? null,
  };
  const result = await output.commit(survey.output, change, createCommitGate());
  if (result.kind === 'conflict') return 'conflict';
  if (result.kind === 'committed') reconciler.note(result.warnings);
  return result.kind === 'committed' ? result.version : null;
}
