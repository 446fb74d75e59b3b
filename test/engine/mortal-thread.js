/** A thread that dies of day 13 by an exit, of day 14 by an error, and of day 15 of hunger. */
import { parentPort } from 'node:worker_threads';

const on = parentPort.on.bind(parentPort);
parentPort.on = (event, listener) =>
  on(event, (message) => {
    const { plan, day = plan && new TextDecoder().decode(plan.day) } = message.task ?? {};
    if (day === '13') process.exit(3);
    if (day === '14') throw new Error('a day to die');
    if (day === '15') for (const eaten = []; ; ) eaten.push(Array(1e6).fill(eaten.length));
    listener(message);
  });
await import('../../dist/engine/threads/worker.js');
