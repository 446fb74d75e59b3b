import { setTimeout as sleep } from 'node:timers/promises';

/** Null where it takes too long; it goes on, and no one hears of its end. */
export async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T | null> {
  const patience = new AbortController();
  work.catch(() => {});
  const { signal } = patience;
  const late = sleep(timeoutMs, null, { signal, ref: false }).catch(() => null);
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
  }
}
