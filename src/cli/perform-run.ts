/**
 * A run from its submission to its end, shown while it goes on.
 *
 *   submit ─▶ follow ─┬─▶ it ended
 *                     ├─▶ --wait is over   without a server: cancel it, since nothing would go on
 *                     └─▶ Ctrl-C           cancel it, unless someone else began it
 */
import type { Client } from '../client/client.js';
import { followRun } from '../client/follow-run.js';
import { patientSignal } from '../client/patient-signal.js';
import { isProblem, RequestFailure } from '../client/request-failure.js';
import type { DayWish, Progress, Run } from '../client/types.js';
import { hasEnded } from '../model/run.js';
import type { Connected } from './connect.js';
import type { Output } from './console.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import { createProgressDisplay } from './progress-display.js';
import { wrapped } from './table.js';

export interface RunOrder {
  readonly wish: DayWish;
  submit(client: Client): Promise<Run>;
  /** Null: wait until it ends, however long that takes. */
  readonly waitMs: number | null;
  readonly quiet: boolean;
}

export interface Performed {
  readonly run: Run;
  /** Why this command did not follow it to its end; null if it did. */
  readonly leftBy: ExitCode | null;
}

export async function performRun(
  err: Output,
  { client, isLocal }: Connected,
  order: RunOrder,
): Promise<Performed> {
  const interruption = listenForInterruption(() => endLine(err));
  try {
    const plan = await client.plan(order.wish);
    const others = await activeRuns(client);
    const first = await order.submit(client);
    const isOurs = !others.has(first.id);
    if (!isOurs && isLocal && !hasEnded(first)) throw worksElsewhere(first);
    const display = createProgressDisplay(err, plan, order);
    try {
      const run = await follow(client, first, order.waitMs, interruption.signal, display.update);
      if (hasEnded(run) && !interruption.signal.aborted)
        return { run: withFirstWarnings(first, run), leftBy: null };
      display.end();
      const left = await leave(err, client, run, { isOurs, isLocal, interruption });
      return { ...left, run: withFirstWarnings(first, left.run) };
    } finally {
      display.end();
    }
  } finally {
    interruption.release();
  }
}

/** A queued run has found nothing yet: the warnings in its first answer are about how the request was queued. */
function withFirstWarnings(first: Run, run: Run): Run {
  if (first.status !== 'queued' || run === first) return run;
  return { ...run, warnings: [...run.warnings, ...first.warnings] };
}

async function activeRuns(client: Client): Promise<Set<string>> {
  const { runs } = await client.runs({ limit: 200, status: 'queued,running' });
  return new Set(runs.map(({ id }) => id));
}

/** Only the process that works on a run knows its progress. */
function worksElsewhere(run: Run): Error {
  return new RequestFailure(
    {
      type: '/problems/run-in-progress',
      title: 'Another process works on that run',
      status: 409,
      detail: `Run ${run.id} has the key ${run.key} and is ${run.status} in another process.`,
      retryable: true,
      nextAction:
        'Wait for it to end; if that process is a service, use its --url to follow the run.',
      requestId: '',
      runId: run.id,
    },
    'the run history beside the output',
  );
}

interface Leaving {
  readonly isOurs: boolean;
  readonly isLocal: boolean;
  readonly interruption: Interruption;
}

async function leave(
  err: Output,
  client: Client,
  run: Run,
  { isOurs, isLocal, interruption }: Leaving,
): Promise<Performed> {
  const isStopped = interruption.signal.aborted;
  const leftBy = isStopped ? interruption.exitCode() : exitCodes.unfinished;
  if (hasEnded(run) || (!isStopped && !isLocal)) return { run, leftBy };
  if (!isOurs) {
    tell(err, `Run ${run.id} was started by someone else, and goes on.`);
    return { run, leftBy };
  }
  tell(
    err,
    `Cancelling run ${run.id}; nothing more will be committed unless the commit has already begun.`,
  );
  return { run: await cancel(client, run), leftBy };
}

/** A terminal shows `^C` where the cursor was. */
function endLine(err: Output): void {
  if (err.isTerminal) err.write('\n');
}

function tell(err: Output, text: string): void {
  err.write(`${wrapped(text, 0, err.columns())}\n`);
}

/** As it ended: a run that was past its commit point has succeeded. */
async function cancel(client: Client, run: Run): Promise<Run> {
  try {
    await client.cancel(run.id);
  } catch (error) {
    if (!isProblem(error, 'run-ended')) throw error;
  }
  return follow(client, run, null, new AbortController().signal, () => {});
}

/** The run at its end, or as last seen when the time was up or the wait was aborted. */
async function follow(
  client: Client,
  first: Run,
  waitMs: number | null,
  signal: AbortSignal,
  onUpdate: (run: Run) => void,
): Promise<Run> {
  let run = first;
  const onRun = (next: Run) => {
    run = next;
    onUpdate(run);
  };
  onRun(first);
  if (hasEnded(first)) return first;
  const leaving = patientSignal(signal, waitMs ?? Number.POSITIVE_INFINITY);
  try {
    const onProgress = (progress: Progress) => onRun({ ...run, progress });
    await followRun(client, first.id, { onRun, onProgress }, leaving.signal);
  } finally {
    leaving.end();
  }
  return run;
}
