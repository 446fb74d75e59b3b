import type { EngineJob } from '../core/ports/engine.js';

/** The same promise, except that it rejects with the signal's reason on abort. */
export async function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Work that nobody waits for is cancelled. Returns what ends the watching. */
export function stopWhenAllAborted(
  jobs: readonly Pick<EngineJob, 'signal'>[],
  closing: AbortController,
): () => void {
  const check = () => {
    if (jobs.every(({ signal }) => signal.aborted))
      closing.abort(new Error('all jobs were cancelled'));
  };
  for (const { signal } of jobs) signal.addEventListener('abort', check);
  return () => {
    for (const { signal } of jobs) signal.removeEventListener('abort', check);
  };
}
