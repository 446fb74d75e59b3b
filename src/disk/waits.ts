/**
 * The file operations that have not completed yet. On a mount that hangs none completes: they cannot be cancelled, and
 * each blocks a thread of the pool that the whole process shares. So such places are tracked here, and get few more
 * operations until they respond.
 */
import { isMainThread } from 'node:worker_threads';
import { isWithin } from './is-within.js';
import { takeTurn } from './turns.js';

interface Wait {
  readonly path: string;
  readonly allowedMs: number;
  /** When it began, or last showed progress. */
  sinceMs(): number;
}

const waits = new Set<Wait>();

/** A look at one place, or one block; also over a network. */
const usuallyAllowedMs = 5_000;
/** An fsync, which may also flush what others wrote. */
export const syncAllowedMs = 60_000;

/** Runs `action`, an operation on the file system of `path`, when it is its turn. It must not call `waitFor` itself. */
export async function waitFor<T>(
  path: string,
  action: () => Promise<T>,
  allowedMs = usuallyAllowedMs,
): Promise<T> {
  // Other threads wait on their own, and block none of the pool.
  if (!isMainThread) return action();
  const turn = takeTurn(path, allowedMs > usuallyAllowedMs);
  const wait = { path, allowedMs, sinceMs: () => turn.sinceMs() };
  waits.add(wait);
  try {
    if (turn.begins !== null) await turn.begins;
    return await action();
  } finally {
    waits.delete(wait);
    turn.end();
  }
}

/** Runs `action`, which needs no thread of the pool, and reports progress by `goesOn`. */
export async function waitOnThread<T>(
  path: string,
  action: (goesOn: () => void) => Promise<T>,
  allowedMs = usuallyAllowedMs,
): Promise<T> {
  let sinceMs = performance.now();
  const wait = { path, allowedMs, sinceMs: () => sinceMs };
  waits.add(wait);
  try {
    return await action(() => {
      sinceMs = performance.now();
    });
  } finally {
    waits.delete(wait);
  }
}

/** Whether any operation is pending: then the process cannot exit normally, since its threads are joined. */
export function isAnythingAwaited(): boolean {
  return waits.size > 0;
}

/** Says, in a sentence, what in one of the folders has not responded for longer than it may, or than `limitMs`; or null. */
export function hangIn(folders: readonly string[], limitMs?: number): string | null {
  const now = performance.now();
  for (const { path, sinceMs, allowedMs } of waits) {
    const waitedMs = now - sinceMs();
    if (waitedMs < Math.min(allowedMs, limitMs ?? allowedMs)) continue;
    if (!folders.some((folder) => isWithin(folder, path))) continue;
    const seconds = Math.round(waitedMs / 1_000);
    return `${path} has not answered for ${seconds} s: its mount or disk hangs. Look at the server behind the mount, or unmount it.`;
  }
  return null;
}

/** How often to check whether pending operations hang. */
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
