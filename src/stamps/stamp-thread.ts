/** A thread that looks at paths again: which are not as they were? It waits for the disk, so that the service does not. */
import { parentPort } from 'node:worker_threads';
import { Groups, type GroupsChange } from './groups.js';
import { createNativeLooker } from './native-stat.js';

export type ToStampThread =
  | ({ readonly kind: 'update' } & GroupsChange)
  /** To be answered with the keys that changed; questions are answered in their order. */
  | { readonly kind: 'look' };

/** Or that it goes on: many paths of a slow disk take their time. */
export type FromStampThread = readonly string[] | 'goes on';

const port = parentPort;
if (port === null) throw new Error('this file is for worker threads');

const groups = new Groups(createNativeLooker() ?? undefined);

port.on('message', (message: ToStampThread) => {
  if (message.kind === 'look') port.postMessage(groups.changed(tellNowAndThen()));
  else groups.apply(message);
});

const tellEveryMs = 250;

function tellNowAndThen(): () => void {
  let toldMs = performance.now();
  return () => {
    const now = performance.now();
    if (now - toldMs < tellEveryMs) return;
    toldMs = now;
    port?.postMessage('goes on' satisfies FromStampThread);
  };
}
