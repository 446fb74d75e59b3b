/**
 * A process of its own that runs once over real folders, from the compiled code, and sends itself a signal
 * at one of its file operations. At its end it prints what it did, as one line of JSON.
 *
 *   node marked-process.mjs '{"root": "…", "request": {…}, "at": 12, "moment": "before", "signal": "SIGKILL"}'
 *
 * With `"value": "pieces"`, that is what its definition calls the counts.
 */
import { join } from 'node:path';
import { createEmbeddedCheckpoint } from '../../dist/checkpoint/embedded.js';
import { createControlPlane } from '../../dist/core/create-control-plane.js';
import { createCsvEngine } from '../../dist/engine/csv/engine.js';
import { findSameTexts } from '../../dist/engine/same-texts.js';
import { layoutOf } from '../../dist/model/day.js';
import { seedDefinition, shapeOf } from '../../dist/model/definition.js';
import { dayFoldersIn } from '../../dist/model/path-template.js';
import { createOutputStore } from '../../dist/output/output-store.js';
import { createRunFiles } from '../../dist/output/run-files.js';
import { stateFolderOf } from '../../dist/output/state-folder.js';
import { createRawStore } from '../../dist/raw/raw-store.js';
import { createMarkedDisk } from './marked-disk.mjs';

const given = JSON.parse(process.argv[2]);
const { root, request, at, moment, signal, value } = given;
const { disk, operations } = createMarkedDisk({ at, moment, signal });
const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
const layout = layoutOf('index');
const seed = seedDefinition('index', ['order_id', 'order_hour_of_day']);
const definition = value === undefined ? seed : { ...seed, value };
const none = () => {};
const plane = createControlPlane({
  definition,
  raw: createRawStore({
    template: dayFoldersIn(join(root, 'raw'), layout),
    requireSuccessFile: false,
  }),
  output: createOutputStore({ folder, shape: shapeOf(definition), disk }),
  checkpoint: createEmbeddedCheckpoint({ path: folder.checkpoint }),
  checkpointTimeoutMs: 20_000,
  watchIntervalMs: 0,
  history: createRunFiles({
    folder,
    disk,
    // So that every process does the same operations, however fast it is and old its folder.
    restMs: Infinity,
    pace: { cancelMs: 60_000, touchMs: 60_000 },
    onUnreadable: none,
  }),
  engines: new Map([['csv', createCsvEngine()]]),
  defaultEngine: 'csv',
  fileChecks: { identicalFiles: 'fail', requireFinalNewline: false, findSameTexts },
  observer: {
    noticed() {},
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
const { status, commit, days, warnings, error } = await plane.wait(
  run.id,
  60_000,
  new AbortController().signal,
);
await plane.stop();
process.stdout.write(`${JSON.stringify({ status, commit, days, warnings, error, operations })}\n`);
