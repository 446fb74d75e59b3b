/**
 * Follows a run to its end: through its events or, without them, by polling less and less often.
 */
import { hasEnded } from '../model/run.js';
import type { Client } from './client.js';
import { followEvents, type RunListener, type StreamPatience } from './follow-events.js';
import { pause } from './patient-signal.js';
import { RequestFailure } from './request-failure.js';
import type { Run } from './types.js';

/** A restarted service is back by then. */
const patienceMs = 30_000;
const retryMs = 500;
const firstPollMs = 100;
const lastPollMs = 2_000;

/** The run as it ended; null if `leaving` was aborted first. The final state always comes from a request for the run
 * itself. */
export async function followRun(
  client: Pick<Client, 'events' | 'run'>,
  id: string,
  listener: RunListener,
  leaving: AbortSignal,
  patience: StreamPatience = {},
): Promise<Run | null> {
  await followEvents(client, id, listener, leaving, patience);
  for (let pollMs = firstPollMs; !leaving.aborted; pollMs = Math.min(pollMs * 1.5, lastPollMs)) {
    const run = await look(client, id, leaving);
    if (run === null) return null;
    listener.onRun(run);
    if (hasEnded(run)) return run;
    await pause(pollMs, leaving);
  }
  return null;
}

/** The run goes on even if the service does not answer for a while. */
async function look(
  client: Pick<Client, 'run'>,
  id: string,
  leaving: AbortSignal,
): Promise<Run | null> {
  const giveUpAt = performance.now() + patienceMs;
  while (!leaving.aborted) {
    try {
      return await client.run(id);
    } catch (error) {
      if (!isPassing(error) || performance.now() > giveUpAt) throw error;
    }
    await pause(retryMs, leaving);
  }
  return null;
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof RequestFailure)) return false;
  const { problem } = error;
  return problem === null || problem.status === 503 || problem.status === 429;
}
