/** A thread that looks at paths again: which are not as they were? It waits for the disk, so that the service does not. */
import { parentPort } from 'node:worker_threads';
import { Groups, type GroupsChange } from './groups.js';
import { createNativeLooker } from './native-stat.js';

export type ToStampThread =
  | ({ readonly kind: 'update' } & GroupsChange)
  /** To be answered with the keys that changed; questions are answered in their order. */
  | { readonly kind: 'look' };

export type FromStampThread = readonly string[];

const port = parentPort;
if (port === null) throw new Error('this file is for worker threads');

const groups = new Groups(createNativeLooker() ?? undefined);

port.on('message', (message: ToStampThread) => {
  if (message.kind === 'look') port.postMessage(groups.changed() satisfies FromStampThread);
  else groups.apply(message);
});
