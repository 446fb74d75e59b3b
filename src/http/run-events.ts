/** A run's events as the text of server-sent events (WHATWG HTML, section 9.2). */
import type { RunEvent, RunFeed } from '../core/run-feed.js';

export interface RunEventsOptions {
  readonly feed: RunFeed;
  /** The last event that the client has had; null where it has had none. */
  readonly after: number | null;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
  readonly textOf: (event: RunEvent) => Buffer;
}

export const eventStreamType = 'text/event-stream';

const heartbeat = Buffer.from(': heartbeat\n\n');

/**
 * Goes on to the run's last state; once `signal` is aborted, only as far as there is something to tell. What
 * comes next is looked up when it is asked for: a slow reader misses what has been overtaken meanwhile, and
 * nothing piles up for it.
 */
export async function* runEvents(options: RunEventsOptions): AsyncGenerator<Buffer> {
  const { feed, heartbeatMs, signal, textOf } = options;
  let { after } = options;
  let wake = () => {};
  const woken = () => wake();
  const unfollow = feed.follow(woken);
  signal.addEventListener('abort', woken);
  try {
    // Where there is nothing to tell yet, the client learns all the same that it is heard.
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

/** Whether the time passes without a call of what it hands out. */
function isQuietFor(timeMs: number, hand: (stop: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeMs, true);
    hand(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

/** JSON has no line feed of its own, so it fits on one `data` line. */
export function eventText(id: number, kind: RunEvent['kind'], data: object): Buffer {
  return Buffer.from(`id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Null for what is no id of ours: such a client is told everything. */
export function eventIdOf(header: string | undefined): number | null {
  return /^[0-9]{1,15}$/.test(header ?? '') ? Number(header) : null;
}
