/** Starts threads that look at paths and ends them again at every moment of their start, several at once. */
import { lstatSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stampOf } from '../../dist/stamps/stamp.js';
import { StampThreads } from '../../dist/stamps/stamp-threads.js';

const path = process.execPath;
const stamp = stampOf(lstatSync(path, { bigint: true }));
const watch = [['node', [{ path, stamp }]]];

async function endedAfter(ms) {
  const threads = new StampThreads();
  threads.update({ root: '/', watch, forget: [] });
  const look = threads.changed('/');
  await sleep(ms);
  await threads.close();
  await look;
}

for (let ms = 0; ms < 120; ms += 3) {
  await Promise.all([0, 0.5, 1, 1.5, 2, 2.5].map((more) => endedAfter(ms + more)));
}
// The process ends while others load.
const left = new StampThreads();
left.update({ root: '/', watch, forget: [] });
process.stdout.write('ended');
