/**
 * Follows a run by the service's events: for the command line and for the page.
 *
 * A stream that breaks, or falls silent, is resumed after the last event that came. One that breaks without
 * having told anything new, three times in a row, is given up.
 */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { patientSignal, pause } from './patient-signal.js';

export interface EventListener<Run, Progress> {
  onRun(run: Run): void;
  onProgress(progress: Progress): void;
}

/** A stream of the run's events after `lastEventId`; null where there is none to be had. May throw. */
export type OpenEvents = (
  lastEventId: string | null,
  signal: AbortSignal,
) => Promise<ReadableStream<Uint8Array> | null>;

export interface StreamPatience {
  readonly resumeMs?: number;
  /** Heartbeats come more often: after so much silence the connection is taken for dead. */
  readonly silenceMs?: number;
}

const maxBarrenStreams = 3;

interface Following<Run, Progress> {
  lastEventId: string | null;
  ended: Run | null;
  readonly listener: EventListener<Run, Progress>;
}

/** Resolves with the run as it ended; null where `signal` was first, or there are no events (any more). */
export async function followEvents<Run extends { readonly finishedAt: string | null }, Progress>(
  open: OpenEvents,
  listener: EventListener<Run, Progress>,
  signal: AbortSignal,
  { resumeMs = 1_000, silenceMs = 60_000 }: StreamPatience = {},
): Promise<Run | null> {
  const following: Following<Run, Progress> = { lastEventId: null, ended: null, listener };
  for (let barren = 0; barren < maxBarrenStreams && !signal.aborted; ) {
    const before = following.lastEventId;
    if (!(await readStream(open, following, signal, silenceMs))) return null;
    if (following.ended !== null) return following.ended;
    barren = following.lastEventId === before ? barren + 1 : 0;
    await pause(resumeMs, signal);
  }
  return null;
}

/** False where there is no stream to be had. */
async function readStream<Run extends { readonly finishedAt: string | null }, Progress>(
  open: OpenEvents,
  following: Following<Run, Progress>,
  signal: AbortSignal,
  silenceMs: number,
): Promise<boolean> {
  const watch = patientSignal(signal, silenceMs);
  try {
    const stream = await open(following.lastEventId, watch.signal);
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
    // The connection broke. Whether the service is gone, polling will tell, with its own words.
    return !signal.aborted;
  } finally {
    watch.end();
  }
}

function take<Run extends { readonly finishedAt: string | null }, Progress>(
  { id, event, data }: EventSourceMessage,
  following: Following<Run, Progress>,
): void {
  if (id !== undefined) following.lastEventId = id;
  if (event === 'progress') following.listener.onProgress(JSON.parse(data) as Progress);
  if (event !== 'state') return;
  const run = JSON.parse(data) as Run;
  following.listener.onRun(run);
  if (run.finishedAt !== null) following.ended = run;
}
