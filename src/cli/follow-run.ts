/** Looks at a run again and again, until it has ended or there is no more time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, ProblemAnswer } from '../client/client.js';
import { Unreachable } from '../client/transport.js';
import type { RunAnswer } from '../http/schemas/run.js';

export interface FollowOptions {
  readonly pollMs: number;
  /** As `performance.now()` counts. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly onUpdate: (run: RunAnswer) => void;
}

/** A service that is started again is back by then. */
const patienceMs = 30_000;
const retryMs = 500;

export function hasEnded({ finishedAt }: RunAnswer): boolean {
  return finishedAt !== null;
}

/** The run at its end; or as it was last seen, at the deadline or the abort. */
export async function followRun(
  client: Client,
  first: RunAnswer,
  { pollMs, deadline, signal, onUpdate }: FollowOptions,
): Promise<RunAnswer> {
  let run = first;
  onUpdate(run);
  while (!hasEnded(run) && !signal.aborted && performance.now() < deadline) {
    await pause(Math.min(pollMs, deadline - performance.now()), signal);
    run = await look(client, run, { deadline, signal });
    onUpdate(run);
  }
  return run;
}

/** The run goes on though nobody answers for a while; who stops waiting has what was seen last. */
async function look(
  client: Client,
  last: RunAnswer,
  { deadline, signal }: Pick<FollowOptions, 'deadline' | 'signal'>,
): Promise<RunAnswer> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await client.run(last.id);
    } catch (error) {
      if (!isPassing(error) || performance.now() > giveUpAt) throw error;
    }
    await pause(retryMs, signal);
    if (signal.aborted || performance.now() > deadline) return last;
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return (
    error instanceof ProblemAnswer && (error.problem.status === 503 || error.problem.status === 429)
  );
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => {});
}
