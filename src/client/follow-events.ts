/**
 * Follows a run through the service's events.
 *
 * A stream that breaks or goes silent is resumed after the last event received. After three breaks in a row without a
 * new event, it gives up.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { hasEnded } from '../model/run.js';
import type { Client } from './client.js';
import { patientSignal, pause } from './patient-signal.js';
import type { Progress, Run } from './types.js';

export interface RunListener {
  onRun(run: Run): void;
  onProgress(progress: Progress): void;
}

export interface StreamPatience {
  readonly resumeMs?: number;
  /** Heartbeats come more often: after this much silence the connection counts as dead. */
  readonly silenceMs?: number;
}

const maxBarrenStreams = 3;

interface Following {
  lastEventId: string | null;
  hasEnded: boolean;
  /** A stream of events after the last one; null if there is none. May throw. */
  readonly open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array> | null>;
  readonly listener: RunListener;
}

/** Resolves when the run has ended, `signal` is aborted, or there are no (more) events. */
export async function followEvents(
  client: Pick<Client, 'events'>,
  id: string,
  listener: RunListener,
  signal: AbortSignal,
  { resumeMs = 1_000, silenceMs = 60_000 }: StreamPatience,
): Promise<void> {
  const following: Following = {
    lastEventId: null,
    hasEnded: false,
    open: (ending) => client.events(id, following.lastEventId, ending),
    listener,
  };
  for (let barren = 0; barren < maxBarrenStreams && !signal.aborted; ) {
    const before = following.lastEventId;
    if (!(await readStream(following, signal, silenceMs)) || following.hasEnded) return;
    barren = following.lastEventId === before ? barren + 1 : 0;
    await pause(resumeMs, signal);
  }
}

/** False if there is no stream. */
async function readStream(
  following: Following,
  signal: AbortSignal,
  silenceMs: number,
): Promise<boolean> {
  const watch = patientSignal(signal, silenceMs);
  try {
    const stream = await following.open(watch.signal);
    if (stream === null) return false;
    const parser = createParser({ onEvent: (event) => take(event, following) });
    const decoder = new TextDecoder();
    const reader = stream.getReader();
    watch.signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      watch.again();
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } catch {
    // The connection broke. If the service is gone, polling will report it.
    return !signal.aborted;
  } finally {
    watch.end();
  }
}

function take({ id, event, data }: EventSourceMessage, following: Following): void {
  if (id !== undefined) following.lastEventId = id;
  if (event === 'progress') following.listener.onProgress(JSON.parse(data) as Progress);
  if (event !== 'state') return;
  const run = JSON.parse(data) as Run;
  following.listener.onRun(run);
  following.hasEnded = hasEnded(run);
}
