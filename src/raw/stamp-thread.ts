/** A thread that looks at paths again: which are not as they were? It blocks on the disk, so that the service does not. */
import { lstatSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { type StampedPath, sameStamp, stampOf } from './stamp.js';

/** Paths that are looked at, and told of, together. */
export type WatchedGroup = readonly [key: string, paths: readonly StampedPath[]];

export type ToStampThread =
  | {
      readonly kind: 'update';
      readonly watch: readonly WatchedGroup[];
      readonly forget: readonly string[];
    }
  /** To be answered with the keys that changed; questions are answered in their order. */
  | { readonly kind: 'look' };

export type FromStampThread = readonly string[];

const port = parentPort;
if (port === null) throw new Error('this file is for worker threads');

const groups = new Map<string, readonly StampedPath[]>();

port.on('message', (message: ToStampThread) => {
  if (message.kind === 'look') return port.postMessage(changedKeys());
  for (const key of message.forget) groups.delete(key);
  for (const [key, paths] of message.watch) groups.set(key, paths);
});

function changedKeys(): FromStampThread {
  const changed: string[] = [];
  for (const [key, paths] of groups) if (!paths.every(isAsItWas)) changed.push(key);
  return changed;
}

/** Whatever keeps a path from being looked at is a change: the look that follows has the words for it. */
function isAsItWas({ path, stamp }: StampedPath): boolean {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stats !== undefined && sameStamp(stampOf(stats), stamp);
  } catch {
    return false;
  }
}
