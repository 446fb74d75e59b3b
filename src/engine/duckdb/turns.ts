/** Things that several callers use, one at a time each. Who waits longest is served first. */
export interface Turns<T> {
  /** The first that is free. Rejects with the signal's reason, or as `close` says. */
  take(signal: AbortSignal): Promise<T>;
  give(item: T): void;
  /** Nothing can be taken any more. */
  close(why: Error): void;
}

export function createTurns<T>(items: readonly T[]): Turns<T> {
  const taken = new Set<T>();
  const waiting = new Set<() => void>();
  let closed: Error | null = null;

  const callNext = () => {
    const [next] = waiting;
    next?.();
  };
  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const free = items.find((item) => !taken.has(item));
          if (free === undefined && closed === null && !signal.aborted) return;
          waiting.delete(look);
          signal.removeEventListener('abort', look);
          if (signal.aborted) return reject(signal.reason);
          if (closed !== null) return reject(closed);
          taken.add(free as T);
          resolve(free as T);
        };
        waiting.add(look);
        signal.addEventListener('abort', look);
        if (waiting.size === 1 || signal.aborted || closed !== null) look();
      }),
    give: (item) => {
      taken.delete(item);
      callNext();
    },
    close: (why) => {
      closed = why;
      for (const look of [...waiting]) look();
    },
  };
}
