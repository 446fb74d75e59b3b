import type { Survey } from '../../core/survey.js';
import type { OutputShape } from '../../model/column.js';
import { dayStates } from '../../model/day-state.js';
import type { CommitFacts } from '../../model/ledger.js';
import { type ProblemError, problems } from '../../model/problems.js';
import type { Run } from '../../model/run.js';
import type { ServedDataset } from '../app-options.js';
import type { DatasetAnswer } from '../schemas/datasets.js';
import { countKinds } from './count-kinds.js';
import { viewListedRun } from './run.js';

const nothingKnown = {
  columns: null,
  counts: null,
  pending: null,
  failed: null,
  checkpoint: null,
  lastCommit: null,
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
  const [{ days, output, checkpoint, notices }, run] = found;
  const { day, completeThrough, reading } = checkpoint;
  return {
    ...place,
    problem: null,
    columns: viewColumns(output.shape),
    counts: countKinds(
      dayStates,
      days.map(({ state }) => state),
    ),
    pending: days.filter(({ pending }) => pending).length,
    failed: days.filter((each) => dataset.controlPlane.lastRunOf(each.day)?.entry.error).length,
    checkpoint: { day, completeThrough, reading },
    lastCommit: output.record === null ? null : viewCommit(output.record),
    notices,
    lastRun: run === null ? null : viewListedRun(run),
  };
}

function viewColumns({ dayColumn, keys, measures }: OutputShape): DatasetAnswer['columns'] {
  return {
    day: dayColumn,
    keys: keys.map(({ name, type, range }) => ({ name, type: type.kind, range: range ?? null })),
    measures: measures.map(({ name, type, additive }) => ({ name, type: type.kind, additive })),
  };
}

function viewCommit({ version, runId, committedAt }: CommitFacts): DatasetAnswer['lastCommit'] {
  return { version, runId, committedAt };
}
