/**
 * Keeps calls away from a Redis that does not answer.
 *
 *   state   a call              leaves it when
 *   closed  goes to Redis       `open` is called, because a call failed or no connection could be made
 *   open    is answered at once a probe succeeds, and then `onClosed` is called
 *
 * While open, probes run in the background: 50 ms after opening, then less and less often, down to once a second, and
 * at once after `hurry`. One probe at a time; it must end by itself.
 */
import { createBackoff } from './backoff.js';

export interface Breaker {
  /** Why and since when it is open; null while it is closed. */
  readonly reason: string | null;
  open(reason: string): void;
  /** Something changed for the better: probes now, if it is open. */
  hurry(): void;
  stop(): void;
}

export interface BreakerOptions {
  /** Null if the store works, otherwise the reason. Never rejects. */
  probe(): Promise<string | null>;
  /** Called when it opens, and when the reason changes while it is open. */
  onOpen(reason: string): void;
  onClosed(): void;
}

const firstProbeMs = 50;
const slowestProbeMs = 1_000;

export function createBreaker({ probe, onOpen, onClosed }: BreakerOptions): Breaker {
  const backoff = createBackoff(firstProbeMs, slowestProbeMs);
  let opened: { readonly reason: string; readonly since: string } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let probing = false;
  let stopped = false;

  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(look, backoff.next()).unref();
  };

  const setReason = (reason: string) => {
    if (opened?.reason === reason) return;
    opened = { reason, since: opened?.since ?? new Date().toISOString() };
    onOpen(reason);
  };

  async function look(): Promise<void> {
    if (probing || stopped) return;
    probing = true;
    const reason = await probe();
    probing = false;
    if (stopped) return;
    if (reason !== null) {
      setReason(reason);
      schedule();
      return;
    }
    opened = null;
    onClosed();
  }

  return {
    get reason() {
      return opened === null ? null : `${opened.reason} (unavailable since ${opened.since})`;
    },
    open: (reason) => {
      if (stopped) return;
      const wasClosed = opened === null;
      setReason(reason);
      if (!wasClosed) return;
      backoff.reset();
      schedule();
    },
    hurry: () => {
      if (opened === null || probing || stopped) return;
      clearTimeout(timer);
      void look();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
