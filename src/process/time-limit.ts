/** What `within` rejects with. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

export interface TimeLimit {
  /** True once the caller has gone on without the result: start nothing more on its behalf. */
  readonly expired: boolean;
}

/** A longer delay would make a timer fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * Waits for `work` at most `limitMs`, then rejects with a TimeLimitError; the work itself goes on unseen.
 *
 * When the event loop was held up, timers run before the sockets are read, so an answer that came in time
 * would lose to the timer. Hence the verdict waits for the end of the loop's turn.
 */
export function within<T>(limitMs: number, work: (limit: TimeLimit) => Promise<T>): Promise<T> {
  const limit = { expired: false };
  return new Promise((resolve, reject) => {
    const expire = () => {
      limit.expired = true;
      reject(new TimeLimitError('no result in time'));
    };
    const delayMs = Math.min(limitMs, longestDelayMs);
    const timer = setTimeout(() => setImmediate(expire), delayMs).unref();
    work(limit)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** The same, but null if it takes too long; its later outcome is ignored. */
export async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  try {
    return await within(limitMs, () => work);
  } catch (error) {
    if (error instanceof TimeLimitError) return null;
    throw error;
  }
}
