/** What Spark's driver tells of its own progress, over HTTP. It costs nothing where it cannot be reached. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { EngineProgress } from '../../model/progress.js';

const pollMs = 1_000;
const requestMs = 2_000;

const stagesSchema = z.array(
  z.looseObject({
    status: z.string(),
    numTasks: z.int().min(0),
    numCompleteTasks: z.int().min(0),
    inputBytes: z.int().min(0),
  }),
);

export interface StatusReport {
  readonly progress: EngineProgress;
  /** Of the files that were read so far, as stored. */
  readonly inputBytes: number;
}

/** Asks now and then, until `signal` is aborted. Never rejects. */
export async function watchStatus(
  ui: string,
  application: string,
  signal: AbortSignal,
  onReport: (report: StatusReport) => void,
): Promise<void> {
  const url = `${ui}/api/v1/applications/${encodeURIComponent(application)}/stages`;
  while (!signal.aborted) {
    const report = await ask(url, application, signal);
    if (report !== null && !signal.aborted) onReport(report);
    await sleep(pollMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function ask(url: string, application: string, signal: AbortSignal) {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
    });
    return summaryOf(application, stagesSchema.parse(await response.json()));
  } catch {
    return null;
  }
}

export function summaryOf(
  application: string,
  stages: z.output<typeof stagesSchema>,
): StatusReport {
  // A stage whose results are still there from an earlier one is skipped, and does no work.
  const working = stages.filter(({ status }) => status !== 'SKIPPED');
  const sum = (each: (stage: (typeof working)[number]) => number) =>
    working.reduce((total, stage) => total + each(stage), 0);
  return {
    progress: {
      application,
      stages: { done: sum(({ status }) => (status === 'COMPLETE' ? 1 : 0)), total: working.length },
      tasks: {
        done: sum((stage) => stage.numCompleteTasks),
        total: sum((stage) => stage.numTasks),
      },
    },
    inputBytes: sum((stage) => stage.inputBytes),
  };
}
