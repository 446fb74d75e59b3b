import { Gauge, type Registry } from 'prom-client';
import { inTime } from '../process/time-limit.js';

/** A scraper waits only seconds, and the other metrics need time, too. */
const lookTimeoutMs = 2_000;

/**
 * The look for a scrape. A scrape waits for it only for a limited time, and starts none while a slow one is still
 * running, so that they cannot pile up. It then reports the last known values, and their age.
 */
export function lookForScrapes(
  registry: Registry,
  survey: () => Promise<unknown>,
): () => Promise<void> {
  let late = false;
  let foundAtMs = Number.NaN;
  new Gauge({
    name: 'daymark_look_age_seconds',
    help: 'How long ago a look that was made for a scrape came to its end: 0 or nearly so, unless looks fail or take too long; NaN before the first.',
    registers: [registry],
    collect() {
      this.set((performance.now() - foundAtMs) / 1000);
    },
  });

  const look = async () => {
    try {
      await survey();
      foundAtMs = performance.now();
    } catch {
      // The checks report the reason.
    } finally {
      late = false;
    }
    return true;
  };

  return async () => {
    if (late) return;
    const isTold = await inTime(look(), lookTimeoutMs);
    late = isTold === null;
  };
}
