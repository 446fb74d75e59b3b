import type { Survey } from '../../core/survey.js';
import { dayStates } from '../../model/day-state.js';
import { type ProblemError, problems } from '../../model/problems.js';
import type { Run } from '../../model/run.js';
import type { ServedDataset } from '../app-options.js';
import type { DatasetAnswer } from '../schemas/datasets.js';
import { countKinds } from './count-kinds.js';
import { viewListedRun } from './run.js';

const nothingKnown = {
  counts: null,
  pending: null,
  checkpoint: null,
  notices: [],
  lastRun: null,
} as const;

/** The state that a look found, or the problem that made the look fail. */
export function viewDataset(
  dataset: ServedDataset,
  found: readonly [Survey, Run | null] | ProblemError,
): DatasetAnswer {
  const place = {
    name: dataset.name,
    raw: dataset.raw,
    output: dataset.outputFile,
    checkpointKey: dataset.checkpointKey,
    dayKind: dataset.controlPlane.layout.name,
  };
  if (found instanceof Error) {
    const { slug, message } = found;
    const problem = { type: `/problems/${slug}`, title: problems[slug].title, detail: message };
    return { ...place, problem, ...nothingKnown };
  }
  const [{ days, checkpoint, notices }, run] = found;
  const { day, completeThrough, reading } = checkpoint;
  return {
    ...place,
    problem: null,
    counts: countKinds(
      dayStates,
      days.map(({ state }) => state),
    ),
    pending: days.filter(({ pending }) => pending).length,
    checkpoint: { day, completeThrough, reading },
    notices,
    lastRun: run === null ? null : viewListedRun(run),
  };
}
