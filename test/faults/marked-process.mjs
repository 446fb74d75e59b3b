/**
 * A process of its own that runs once over real folders, from the compiled code, and sends itself a signal
 * at one of its file operations. At its end it prints what it did, as one line of JSON.
 *
 *   node marked-process.mjs '{"root": "…", "request": {…}, "at": 12, "moment": "before", "signal": "SIGKILL"}'
 */
import { join } from 'node:path';
import { createEmbeddedCheckpoint } from '../../dist/checkpoint/embedded.js';
import { createControlPlane } from '../../dist/core/create-control-plane.js';
import { layoutOf } from '../../dist/core/day.js';
import { nodeDisk } from '../../dist/disk/disk.js';
import { createCsvEngine } from '../../dist/engine/csv/engine.js';
import { createOutputStore } from '../../dist/output/output-store.js';
import { createRunFiles } from '../../dist/output/run-files.js';
import { stateFolderOf } from '../../dist/output/state-folder.js';
import { createRawStore } from '../../dist/raw/raw-store.js';

const given = JSON.parse(process.argv[2]);
const { root, request, at = -1, moment = 'before', signal = 'SIGKILL' } = given;
const operations = [];

async function pass(name, paths, perform) {
  const index = operations.length;
  operations.push({ index, name, paths });
  const isMarked = index === at;
  if (isMarked && moment === 'before') await strike();
  try {
    return await perform();
  } finally {
    // Also where it failed, as an operation on a missing file does.
    if (isMarked && moment === 'after') await strike();
  }
}

async function strike() {
  process.kill(process.pid, signal);
  // A signal takes effect at the latest when this returns to the loop.
  await new Promise((resolve) => setImmediate(resolve));
}

function marked(target, label, pathsOf) {
  const wrapped = Object.entries(target).map(([name, action]) => [
    name,
    (...given) =>
      pass(`${label}${name}`, pathsOf(given), async () => {
        const result = await action.call(target, ...given);
        const isFile = name === 'open' || name === 'create';
        return isFile ? marked(result, 'file.', () => pathsOf(given)) : result;
      }),
  ]);
  return Object.fromEntries(wrapped);
}

const disk = marked(nodeDisk, '', (given) => given.filter((each) => typeof each === 'string'));
const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
const layout = layoutOf('index');
const none = () => {};
const plane = createControlPlane({
  layout,
  raw: createRawStore({ rawDir: join(root, 'raw'), layout, requireSuccessFile: false }),
  output: createOutputStore({ folder, layout, disk }),
  checkpoint: createEmbeddedCheckpoint({ path: folder.checkpoint }),
  checkpointTimeoutMs: 20_000,
  watchIntervalMs: 0,
  history: createRunFiles({ folder, disk, onUnreadable: none }),
  engines: new Map([['csv', createCsvEngine()]]),
  defaultEngine: 'csv',
  ignoredColumns: new Set(['order_id', 'order_hour_of_day']),
  observer: {
    reconciled: none,
    checkpointUnavailable: none,
    runStarted: none,
    dayFinished: none,
    runFinished: none,
    rewound: none,
    warning: none,
  },
});

await plane.start();
const { run } = await plane.submit(request, { key: null, ifActive: 'queue' });
const { status, commit, days, warnings } = await plane.wait(
  run.id,
  60_000,
  new AbortController().signal,
);
await plane.stop();
process.stdout.write(`${JSON.stringify({ status, commit, days, warnings, operations })}\n`);
