/** A stamp thread that dies when it is to look for the second time. */
import { parentPort } from 'node:worker_threads';

let looks = 0;
const on = parentPort.on.bind(parentPort);
parentPort.on = (event, listener) =>
  on(event, (message) => {
    if (message.kind === 'look') looks += 1;
    if (looks === 2) process.exit(3);
    listener(message);
  });
await import('../../dist/stamps/stamp-thread.js');
