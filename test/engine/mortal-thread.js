/** A scan thread that dies of day 13 by an exit, and of day 14 by an error. */
import { parentPort } from 'node:worker_threads';

const on = parentPort.on.bind(parentPort);
parentPort.on = (event, listener) =>
  on(event, (scan) => {
    const day = new TextDecoder().decode(scan.plan.day);
    if (day === '13') process.exit(3);
    if (day === '14') throw new Error('a day to die');
    listener(scan);
  });
await import('../../dist/engine/scan/worker.js');
