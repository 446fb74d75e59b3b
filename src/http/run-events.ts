/** A run's events as the text of server-sent events (WHATWG HTML, section 9.2). */
import type { RunEvent, RunFeed } from '../core/run-feed.js';

export interface RunEventsOptions {
  readonly feed: RunFeed;
  /** The last event that the client received; null if it has none. */
  readonly after: number | null;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
  readonly textOf: (event: RunEvent) => Buffer;
}

export const eventStreamType = 'text/event-stream';

const heartbeat = Buffer.from(': heartbeat\n\n');

/**
 * Continues to the run's last state; once `signal` is aborted, only while events are pending. The next event is looked
 * up when it is requested, so a slow reader skips outdated events and nothing piles up for it.
 */
export async function* runEvents(options: RunEventsOptions): AsyncGenerator<Buffer> {
  const { feed, heartbeatMs, signal, textOf } = options;
  let { after } = options;
  let wake = () => {};
  const woken = () => wake();
  const unfollow = feed.follow(woken);
  signal.addEventListener('abort', woken);
  try {
    // If there is no event yet, the client still learns that it is connected.
    if (feed.next(after) === null) yield heartbeat;
    for (;;) {
      const event = feed.next(after);
      if (event !== null) {
        after = event.id;
        yield textOf(event);
        if (event.kind === 'state' && event.last) return;
      } else if (signal.aborted) return;
      else if (await isQuietFor(heartbeatMs, (stop) => (wake = stop))) yield heartbeat;
    }
  } finally {
    unfollow();
    signal.removeEventListener('abort', woken);
  }
}

/** Resolves to whether the time passes without a call of the returned function. */
function isQuietFor(timeMs: number, hand: (stop: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeMs, true);
    hand(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

/** Serialised JSON has no line feed, so it fits on one `data` line. */
export function eventText(id: number, kind: RunEvent['kind'], data: object): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Null for a foreign id: such a client gets everything. */
export function eventIdOf(header: string | undefined): number | null {
  return /^[0-9]{1,15}$/.test(header ?? '') ? Number(header) : null;
}
