/**
 * Sees a run to its end, or until there is no more time: by its events, and where there are none, by looking
 * again and again, ever more seldom.
 */
import { type Client, ProblemAnswer } from '../client/client.js';
import { followEvents } from '../client/follow-events.js';
import { patientSignal, pause } from '../client/patient-signal.js';
import { Unreachable } from '../client/transport.js';
import type { RunAnswer } from '../http/schemas/run.js';

export interface FollowOptions {
  /** As `performance.now()` counts. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly onUpdate: (run: RunAnswer) => void;
}

/** A service that is started again is back by then. */
const patienceMs = 30_000;
const retryMs = 500;
const firstPollMs = 100;
const lastPollMs = 2_000;

export function hasEnded({ finishedAt }: RunAnswer): boolean {
  return finishedAt !== null;
}

/** The run at its end; or as it was last seen, at the deadline or the abort. */
export async function followRun(
  client: Client,
  first: RunAnswer,
  { deadline, signal, onUpdate }: FollowOptions,
): Promise<RunAnswer> {
  let run = first;
  const seen = (next: RunAnswer) => {
    run = next;
    onUpdate(run);
  };
  seen(first);
  if (hasEnded(first)) return first;
  const leaving = patientSignal(signal, deadline - performance.now());
  try {
    await followEvents<RunAnswer, NonNullable<RunAnswer['progress']>>(
      (lastEventId, ending) => client.events(first.id, lastEventId, ending),
      { onRun: seen, onProgress: (progress) => seen({ ...run, progress }) },
      leaving.signal,
    );
    await poll(client, () => run, seen, leaving.signal);
  } finally {
    leaving.end();
  }
  return run;
}

/** At least once: the last word is the run's own answer, however it was followed. */
async function poll(
  client: Client,
  last: () => RunAnswer,
  seen: (run: RunAnswer) => void,
  leaving: AbortSignal,
): Promise<void> {
  for (let pollMs = firstPollMs; !leaving.aborted; pollMs = Math.min(pollMs * 1.5, lastPollMs)) {
    seen(await look(client, last(), leaving));
    if (hasEnded(last())) return;
    await pause(pollMs, leaving);
  }
}

/** The run goes on though nobody answers for a while; who stops waiting has what was seen last. */
async function look(client: Client, last: RunAnswer, leaving: AbortSignal): Promise<RunAnswer> {
  const giveUpAt = performance.now() + patienceMs;
  while (!leaving.aborted) {
    try {
      return await client.run(last.id);
    } catch (error) {
      if (!isPassing(error) || performance.now() > giveUpAt) throw error;
    }
    await pause(retryMs, leaving);
  }
  return last;
}

function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return (
    error instanceof ProblemAnswer && (error.problem.status === 503 || error.problem.status === 429)
  );
}
