/** A thread that looks at paths again: which are not as they were? It waits for the disk, so that the service does not. */
import { parentPort, workerData } from 'node:worker_threads';
import { Groups, type GroupsChange } from './groups.js';
import { createNativeLooker } from './native-stat.js';

export type ToStampThread =
  | ({ readonly kind: 'update' } & GroupsChange)
  /** To be answered with the keys that changed; questions are answered in their order. */
  | { readonly kind: 'look' }
  | { readonly kind: 'end' };

/** Or that it is loaded; or that a look goes on: many paths of a slow disk take their time. */
export type FromStampThread = readonly string[] | 'loaded' | 'goes on';

export interface StampThreadData {
  /** Not 0 when the thread is to end; a look that is under way is given up. */
  readonly ended: Int32Array;
}

const port = parentPort;
if (port === null) throw new Error('this file is for worker threads');

const { ended } = workerData as StampThreadData;
const groups = new Groups(createNativeLooker() ?? undefined);

port.on('message', (message: ToStampThread) => {
  if (message.kind === 'look') port.postMessage(groups.changed(betweenGroups()));
  else if (message.kind === 'update') groups.apply(message);
  else port.close();
});
tell('loaded');

const tellEveryMs = 250;

function tell(message: FromStampThread): void {
  port?.postMessage(message);
}

function betweenGroups(): () => void {
  let toldMs = performance.now();
  return () => {
    // Of a thread, not of the process.
    if (Atomics.load(ended, 0) !== 0) process.exit();
    const now = performance.now();
    if (now - toldMs < tellEveryMs) return;
    toldMs = now;
    tell('goes on');
  };
}
