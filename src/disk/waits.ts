/**
 * The file operations that have not completed yet. On a mount that hangs none completes: they cannot be cancelled, and
 * each blocks a thread of the pool that the whole process shares. So such places are tracked here, and get no more
 * operations until they respond.
 */
import { isWithin } from './is-within.js';
import { askInPlace } from './places.js';

interface Wait {
  readonly path: string;
  /** When it began, or last showed that it goes on. */
  sinceMs: number;
  readonly allowedMs: number;
}

const waits = new Set<Wait>();

/** A look at one place, or one block; also over a network. */
const usuallyAllowedMs = 5_000;
/** Bringing to stable storage what others wrote, too. */
export const syncAllowedMs = 60_000;

/** Does `action`, which asks one thing of the file system; or many, and tells by `goesOn` that they are answered. */
export async function waitFor<T>(
  path: string,
  action: (goesOn: () => void) => Promise<T>,
  allowedMs = usuallyAllowedMs,
): Promise<T> {
  const wait: Wait = { path, sinceMs: performance.now(), allowedMs };
  const begin = (isAnswered: () => void) => {
    const goesOn = () => {
      wait.sinceMs = performance.now();
      isAnswered();
    };
    wait.sinceMs = performance.now();
    return action(goesOn);
  };
  waits.add(wait);
  try {
    // What may take long by itself says nothing of its place, and need not wait for it.
    return await (allowedMs > usuallyAllowedMs ? begin(() => {}) : askInPlace(path, begin));
  } finally {
    waits.delete(wait);
  }
}

/** Whether any operation is pending: then the process cannot exit normally, since its threads are joined. */
export function isAnythingAwaited(): boolean {
  return waits.size > 0;
}

/** What in one of the folders has not answered for longer than it may, or than `limitMs`; as a sentence, or null. */
export function hangIn(folders: readonly string[], limitMs?: number): string | null {
  const now = performance.now();
  for (const { path, sinceMs, allowedMs } of waits) {
    const waitedMs = now - sinceMs;
    if (waitedMs < Math.min(allowedMs, limitMs ?? allowedMs)) continue;
    if (!folders.some((folder) => isWithin(folder, path))) continue;
    const seconds = Math.round(waitedMs / 1_000);
    return `${path} has not answered for ${seconds} s: its mount or disk hangs. Look at the server behind the mount, or unmount it.`;
  }
  return null;
}

/** How often it is looked whether what is waited for hangs. */
const checkEveryMs = 250;

/** Begins `work`, and rejects with what `refuse` makes of it where a folder hangs; the work itself goes on unseen. */
export function unlessHanging<T>(
  folders: () => readonly string[],
  work: () => Promise<T>,
  refuse: (why: string) => Error,
): Promise<T> {
  const hanging = hangIn(folders());
  if (hanging !== null) return Promise.reject(refuse(hanging));
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (hangIn(folders()) === null) return;
      // If this process itself was stopped, the answers are already there, and are processed before the next turn.
      setImmediate(() => {
        const why = hangIn(folders());
        if (why !== null) reject(refuse(why));
      });
    }, checkEveryMs).unref();
    work()
      .then(resolve, reject)
      .finally(() => clearInterval(timer));
  });
}
