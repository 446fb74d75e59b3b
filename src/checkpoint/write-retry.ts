/**
 * Remembers that the store, which can be read, cannot be written, and asks for another try every second.
 *
 *   state     leaves it when
 *   settled   a write is refused, or the key is found to hold another type
 *   refused   a write is answered (stored, conflict or wrong type), or the store is seen to hold what
 *             was to be written; until then `retry` is called every second
 *   blocked   the key is seen to hold a value or nothing; until then `retry` is called every second
 *
 * Nothing is probed: only a write can tell whether writes work, and only the core knows what to write
 * by then. So `retry` makes the core look again, and its next write is the probe.
 */
export interface WriteRetry {
  /** Returns whether this is news: no write was refused just before. */
  refused(wanted: string | null, reason: string): boolean;
  /** Why the last write was refused; null when settled. */
  refusal(): string | null;
  /** The key holds another type, which is left alone until someone removes it. */
  blocked(): void;
  settled(): void;
  /** The store was read: with the wanted value there, nothing is left to write. */
  saw(held: string | null): void;
}

const retryEveryMs = 1_000;

export function createWriteRetry(retry: () => void): WriteRetry {
  let wanted: string | null = null;
  let refusal: string | null = null;
  let blockedByType = false;
  let timer: NodeJS.Timeout | undefined;

  const begin = () => {
    timer ??= setInterval(retry, retryEveryMs).unref();
  };

  const settled = () => {
    clearInterval(timer);
    timer = undefined;
    blockedByType = false;
    refusal = null;
  };

  return {
    refused: (next, reason) => {
      wanted = next;
      const isNews = refusal === null;
      refusal = reason;
      begin();
      return isNews;
    },
    refusal: () => refusal,
    blocked: () => {
      blockedByType = true;
      begin();
    },
    settled,
    saw: (held) => {
      if (blockedByType || held === wanted) settled();
    },
  };
}
