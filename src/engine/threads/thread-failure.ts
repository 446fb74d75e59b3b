/** Failures on their way from a thread. */
import { RawReadError } from '../../core/failures.js';

export type ThreadFailure =
  /** A RawReadError: its class would not survive the way to another thread. */
  | { readonly kind: 'unreadable'; readonly file: string; readonly error: Error }
  | { readonly kind: 'failed'; readonly error: unknown };

export function failureOf(error: unknown): ThreadFailure {
  if (!(error instanceof RawReadError)) return { kind: 'failed', error };
  return { kind: 'unreadable', file: error.file, error };
}

/** What was thrown on the thread. */
export function thrownBy(failure: ThreadFailure): unknown {
  if (failure.kind === 'failed') return failure.error;
  const { message, cause } = failure.error;
  return new RawReadError(failure.file, message, { cause });
}
