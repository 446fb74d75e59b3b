import { setTimeout as sleep } from 'node:timers/promises';
import type { RawLook } from './raw-day.js';

/**
 * The kernel stamps files with a clock that ticks every 4 to 10 ms: two writes within one tick leave the
 * same ctime. A file whose ctime is older than this can no longer change unseen.
 */
const settledAfterMs = 20;

/** A file that is constantly written to must not hold up its day forever. */
const mostWaits = 10;

/** Looks again until no file is fresh, at most `mostWaits` times; returns the last result. */
export async function lookUntilSettled(
  look: () => Promise<RawLook | null>,
): Promise<RawLook | null> {
  let found = await look();
  for (let waits = 0; waits < mostWaits && found !== null && isFresh(found); waits += 1) {
    await sleep(settledAfterMs);
    found = await look();
  }
  return found;
}

function isFresh({ newestCtimeMs }: RawLook): boolean {
  return Math.abs(Date.now() - newestCtimeMs) < settledAfterMs;
}
