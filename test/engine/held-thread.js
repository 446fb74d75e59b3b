/** A thread whose tasks end when they are let go: each waits for its place in shared memory to become 1. */
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ task }) => {
  Atomics.wait(task.gate, task.place, 0);
  parentPort.postMessage({ kind: 'ended', outcome: task.name });
});
