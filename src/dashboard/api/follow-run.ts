/** Follows a run to its end: by the service's events, and where there are none, by asking again and again. */
import {
  type EventListener,
  followEvents,
  type StreamPatience,
} from '../../client/follow-events.js';
import { pause } from '../../client/patient-signal.js';
import { isActive } from '../model/runs.js';
import type { Api } from './client.js';
import type { Progress, Run } from './types.js';

export type RunListener = EventListener<Run, Progress>;

export interface FollowOptions extends StreamPatience {
  readonly pollMs?: number;
}

/** Resolves with the run as it ended; null when `signal` ended the following first. */
export async function followRun(
  api: Pick<Api, 'events' | 'run'>,
  id: string,
  listener: RunListener,
  signal: AbortSignal,
  { pollMs = 1000, ...patience }: FollowOptions = {},
): Promise<Run | null> {
  const open = (last: string | null, ending: AbortSignal) => api.events(id, last, ending);
  const ended = await followEvents(open, listener, signal, patience);
  if (ended !== null) return ended;
  while (!signal.aborted) {
    const run = await api.run(id);
    listener.onRun(run);
    if (!isActive(run)) return run;
    await pause(pollMs, signal);
  }
  return null;
}
