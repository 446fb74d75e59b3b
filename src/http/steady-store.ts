import type { FastifyRateLimitStore } from '@fastify/rate-limit';

/** As many as the plugin's own store remembers. */
const maxAddresses = 5_000;

interface Window {
  /** As `performance.now()` counts. */
  readonly sinceMs: number;
  readonly count: number;
}

/**
 * Counts like the plugin's own store, but by the monotonic clock: otherwise setting the clock back by an hour would
 * make everyone's minute an hour longer.
 */
export class SteadyStore implements FastifyRateLimitStore {
  /** The address that was counted longest ago comes first. */
  readonly #windows = new Map<string, Window>();

  incr(
    key: string,
    callback: (error: null, result: { current: number; ttl: number }) => void,
    lengthMs: number,
  ): void {
    const now = performance.now();
    const known = this.#windows.get(key) ?? { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };
    const isOver = now - known.sinceMs >= lengthMs;
    const { sinceMs, count } = isOver
      ? { sinceMs: now, count: 1 }
      : { ...known, count: known.count + 1 };
    this.#windows.delete(key);
    this.#windows.set(key, { sinceMs, count });
    const [oldest = key] = this.#windows.keys();
    if (this.#windows.size > maxAddresses) this.#windows.delete(oldest);
    callback(null, { current: count, ttl: lengthMs - (now - sinceMs) });
  }

  child(): SteadyStore {
    return new SteadyStore();
  }
}
