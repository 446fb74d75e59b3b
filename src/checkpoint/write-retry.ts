/**
 * Remembers that the store, which can be read, refused a write, and asks for another try every second.
 *
 *   state     leaves it when
 *   settled   a write is refused
 *   refused   a write is answered (stored, conflict or wrong type), or the store is seen to hold what
 *             was to be written; until then `retry` is called every second
 *
 * Nothing is probed: only a write can tell whether writes work, and only the core knows what to write
 * by then. So `retry` makes the core look again, and its next write is the probe.
 */
export interface WriteRetry {
  /** Returns whether this is news: no write was refused just before. */
  refused(wanted: string | null): boolean;
  settled(): void;
  /** The store was read: with the wanted value there, nothing is left to write. */
  saw(held: string | null): void;
}

const retryEveryMs = 1_000;

export function createWriteRetry(retry: () => void): WriteRetry {
  let wanted: string | null = null;
  let timer: NodeJS.Timeout | undefined;

  const settled = () => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    refused: (next) => {
      wanted = next;
      if (timer !== undefined) return false;
      timer = setInterval(retry, retryEveryMs).unref();
      return true;
    },
    settled,
    saw: (held) => {
      if (held === wanted) settled();
    },
  };
}
