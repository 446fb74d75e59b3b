/** A wait that ends on abort or after some time. Not `AbortSignal.any`: Node.js 20 may garbage-collect a timeout that only it holds. */

export interface PatientSignal {
  readonly signal: AbortSignal;
  /** Restarts the time. */
  again(): void;
  /** Must be called at the end, to remove timers and listeners. */
  end(): void;
}

/** The most that a timer takes. */
const maxTimerMs = 2 ** 31 - 1;

/** Aborted with `leaving`, or after this time (which may be infinite) without a call of `again`. */
export function patientSignal(leaving: AbortSignal, timeMs: number): PatientSignal {
  const over = new AbortController();
  const abort = () => over.abort();
  const begin = () =>
    timeMs === Number.POSITIVE_INFINITY
      ? undefined
      : setTimeout(abort, Math.min(Math.max(0, timeMs), maxTimerMs));
  let timer = begin();
  leaving.addEventListener('abort', abort);
  if (leaving.aborted) abort();
  return {
    signal: over.signal,
    again: () => {
      clearTimeout(timer);
      timer = begin();
    },
    end: () => {
      clearTimeout(timer);
      leaving.removeEventListener('abort', abort);
    },
  };
}

/** Resolves after the time, or at the abort. */
export function pause(timeMs: number, leaving: AbortSignal): Promise<void> {
  const waiting = patientSignal(leaving, timeMs);
  return new Promise<void>((resolve) => {
    waiting.signal.addEventListener('abort', () => resolve());
    if (waiting.signal.aborted) resolve();
  }).finally(waiting.end);
}
