/** A thread that never comes back from its first task, as from a read of a mount that hangs; it hears nothing. */
import { parentPort } from 'node:worker_threads';

parentPort.on('message', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
