/**
 * A run from its submission to its end, shown while it goes on.
 *
 *   submit ─▶ follow ─┬─▶ it ended
 *                     ├─▶ --wait is over   without a server: cancel it, since nothing would go on
 *                     └─▶ Ctrl-C           cancel it, unless someone else began it
 */
import { type Client, type DayWish, ProblemAnswer } from '../client/client.js';
import type { RunAnswer } from '../http/schemas/run.js';
import type { Connected } from './connect.js';
import type { Output } from './console.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { followRun, hasEnded } from './follow-run.js';
import { type Interruption, listenForInterruption } from './interruption.js';
import { createProgressDisplay } from './progress-display.js';
import { wrapped } from './table.js';

export interface RunOrder {
  readonly wish: DayWish;
  submit(client: Client): Promise<RunAnswer>;
  /** Null: to its end, however long that takes. */
  readonly waitMs: number | null;
  readonly quiet: boolean;
}

export interface Performed {
  readonly run: RunAnswer;
  /** Why this command did not see it to its end; null where it did. */
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
      const run = await followRun(client, first, {
        deadline:
          order.waitMs === null ? Number.POSITIVE_INFINITY : performance.now() + order.waitMs,
        signal: interruption.signal,
        onUpdate: display.update,
      });
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

/** A run that waits has found nothing yet: what its first answer warns of is how this request was queued. */
function withFirstWarnings(first: RunAnswer, run: RunAnswer): RunAnswer {
  if (first.status !== 'queued' || run === first) return run;
  return { ...run, warnings: [...run.warnings, ...first.warnings] };
}

async function activeRuns(client: Client): Promise<Set<string>> {
  const { runs } = await client.runs({ limit: 200, status: 'queued,running' });
  return new Set(runs.map(({ id }) => id));
}

/** Only the process that works on a run knows how far it is. */
function worksElsewhere(run: RunAnswer): Error {
  return new ProblemAnswer(
    {
      type: '/problems/run-in-progress',
      title: 'Another process works on that run',
      status: 409,
      detail: `Run ${run.id} has the key ${run.key} and is ${run.status} in another process.`,
      retryable: true,
      nextAction: 'Wait for it to end; where it is a service, give its --url to follow the run.',
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
  run: RunAnswer,
  { isOurs, isLocal, interruption }: Leaving,
): Promise<Performed> {
  const isStopped = interruption.signal.aborted;
  const leftBy = isStopped ? interruption.exitCode() : exitCodes.unfinished;
  if (hasEnded(run) || (!isStopped && !isLocal)) return { run, leftBy };
  if (!isOurs) {
    tell(err, `Run ${run.id} was begun by someone else, and goes on.`);
    return { run, leftBy };
  }
  tell(err, `Cancelling run ${run.id}; what is not committed by now will not be.`);
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
async function cancel(client: Client, run: RunAnswer): Promise<RunAnswer> {
  try {
    await client.cancel(run.id);
  } catch (error) {
    const isOver = error instanceof ProblemAnswer && error.problem.type === '/problems/run-ended';
    if (!isOver) throw error;
  }
  return followRun(client, run, {
    deadline: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    onUpdate: () => {},
  });
}
