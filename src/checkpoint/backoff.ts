export interface Backoff {
  /** The next delay in milliseconds: twice the one before, up to the cap. */
  next(): number;
  /** Starts again from the first delay. */
  reset(): void;
}

export function createBackoff(firstMs: number, capMs: number): Backoff {
  let delayMs = firstMs;
  return {
    next: () => {
      const current = delayMs;
      delayMs = Math.min(delayMs * 2, capMs);
      return current;
    },
    reset: () => {
      delayMs = firstMs;
    },
  };
}
