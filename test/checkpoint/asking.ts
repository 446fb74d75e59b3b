import { expect } from 'vitest';
import { judgedMs } from '../support/judged-time.js';

/** A deadline so many milliseconds from now; generous where the test is not about time. */
export function within(limitMs = 5_000): number {
  return performance.now() + limitMs;
}

export function value(text: string) {
  return { status: 'value', text } as const;
}

export const unavailable = { status: 'unavailable', reason: expect.any(String) } as const;

export function because(pattern: RegExp) {
  return { status: 'unavailable', reason: expect.stringMatching(pattern) } as const;
}

export interface Timed<T> {
  readonly result: T;
  /** 0 where time is not judged. */
  readonly tookMs: number;
}

export async function timed<T>(action: () => Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const result = await action();
  return { result, tookMs: judgedMs(performance.now() - start) };
}
