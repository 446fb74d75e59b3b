/**
 * Follows a run to its end: by the service's events, and where there are none, by asking again and again.
 *
 * A stream that breaks is resumed after the last event that came. One that breaks without having told
 * anything new, three times in a row, is given up for polling.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { isActive } from '../model/runs.js';
import type { Api } from './client.js';
import type { Progress, Run } from './types.js';

export interface RunListener {
  onRun(run: Run): void;
  onProgress(progress: Progress): void;
}

export interface FollowOptions {
  readonly pollMs?: number;
  readonly resumeMs?: number;
}

type FollowApi = Pick<Api, 'events' | 'run'>;

const maxBarrenStreams = 3;

/** Resolves with the run as it ended; null when `signal` ended the following first. */
export async function followRun(
  api: FollowApi,
  id: string,
  listener: RunListener,
  signal: AbortSignal,
  { pollMs = 1000, resumeMs = 1000 }: FollowOptions = {},
): Promise<Run | null> {
  const following: Following = { lastEventId: null, ended: null, listener };
  for (let barren = 0; barren < maxBarrenStreams && !signal.aborted; ) {
    const before = following.lastEventId;
    if (!(await readStream(api, id, following, signal))) break;
    if (following.ended !== null) return following.ended;
    barren = following.lastEventId === before ? barren + 1 : 0;
    await pause(resumeMs, signal);
  }
  return poll(api, id, listener, signal, pollMs);
}

interface Following {
  lastEventId: string | null;
  ended: Run | null;
  readonly listener: RunListener;
}

/** False where there is no stream to be had. */
async function readStream(
  api: FollowApi,
  id: string,
  following: Following,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const response = await api.events(id, following.lastEventId, signal);
    if (response?.body == null) return false;
    const parser = createParser({ onEvent: (event) => take(event, following) });
    const decoder = new TextDecoder();
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return true;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } catch {
    // The connection broke. Whether the service is gone, polling will tell, with its own words.
    return !signal.aborted;
  }
}

function take({ id, event, data }: EventSourceMessage, following: Following): void {
  if (id !== undefined) following.lastEventId = id;
  if (event === 'progress') following.listener.onProgress(JSON.parse(data) as Progress);
  if (event !== 'state') return;
  const run = JSON.parse(data) as Run;
  following.listener.onRun(run);
  if (!isActive(run)) following.ended = run;
}

async function poll(
  api: FollowApi,
  id: string,
  listener: RunListener,
  signal: AbortSignal,
  pollMs: number,
): Promise<Run | null> {
  while (!signal.aborted) {
    const run = await api.run(id);
    listener.onRun(run);
    if (!isActive(run)) return run;
    await pause(pollMs, signal);
  }
  return null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
