import { Gauge, type Registry } from 'prom-client';
import { inTime } from '../process/time-limit.js';

/** A scraper has seconds, and all else is to be told, too. */
const lookTimeoutMs = 2_000;

/**
 * The look that a scrape tells of. A scrape waits for it only so long, and begins none while one that took longer is
 * still under way: what hangs must not pile up. Then it tells what was known before, and how old that is.
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
      // Why is for the checks to say.
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
