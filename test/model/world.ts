/** What a history happens to: one or two control planes over real files, and what the model says of them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createControlPlane,
  type RunningControlPlane,
} from '../../src/core/create-control-plane.js';
import type { Engine, EngineName } from '../../src/core/ports.js';
import type { Run, RunRequest } from '../../src/core/run.js';
import { findSameTexts } from '../../src/engine/same-texts.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { createRunFiles } from '../../src/output/run-files.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { silent } from '../core/plane.js';
import { openTempDir } from '../support/temp-dir.js';
import { type Calendar, layoutFor } from './calendar.js';
import { fileKeeper, type Keeper, patienceMs, redisKeeper } from './keeper.js';
import { Truth } from './truth.js';

export interface World {
  readonly calendar: Calendar;
  readonly truth: Truth;
  readonly keeper: Keeper;
  readonly rawDir: string;
  readonly folder: StateFolder;
  /** The process that is asked. */
  readonly plane: RunningControlPlane;
  /** Submits to it and waits for the end. */
  finish(request: RunRequest): Promise<Run>;
  /** The process ends in good order, and another one starts. */
  restart(): Promise<void>;
  /** From now on another process is asked, and this one stays. */
  turn(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly calendar: Calendar;
  /** The port of a server, and a database of its own; null for the embedded checkpoint. */
  readonly redis: { readonly port: number; readonly database: number } | null;
  /** Shared by all worlds. */
  readonly engines: ReadonlyMap<EngineName, Engine>;
}

interface Process {
  readonly plane: RunningControlPlane;
  stop(): Promise<void>;
}

export async function makeWorld({ calendar, redis, engines }: WorldOptions): Promise<World> {
  const dir = await openTempDir();
  const rawDir = join(dir.path, 'raw');
  await mkdir(rawDir);
  const folder = stateFolderOf(join(dir.path, 'processed', 'orders.csv'));
  const keeper =
    redis === null ? fileKeeper(folder.checkpoint) : await redisKeeper(redis.port, redis.database);
  const start = () => startProcess({ calendar, rawDir, folder, keeper, engines });
  let asked = await start();
  let other: Process | null = null;

  return {
    calendar,
    truth: new Truth(calendar),
    keeper,
    rawDir,
    folder,
    get plane() {
      return asked.plane;
    },
    finish: async (request) => {
      const { run } = await asked.plane.submit(request, { key: null, ifActive: 'queue' });
      return asked.plane.wait(run.id, patienceMs, new AbortController().signal);
    },
    restart: async () => {
      await asked.stop();
      asked = await start();
    },
    turn: async () => {
      const next = other ?? (await start());
      other = asked;
      asked = next;
    },
    close: async () => {
      await asked.stop();
      await other?.stop();
      await keeper.close();
      await dir.remove();
    },
  };
}

type ProcessOptions = Pick<World, 'calendar' | 'rawDir' | 'folder' | 'keeper'> &
  Pick<WorldOptions, 'engines'>;

async function startProcess(options: ProcessOptions): Promise<Process> {
  const { calendar, rawDir, folder, keeper, engines } = options;
  const layout = layoutFor(calendar);
  const checkpoint = keeper.open();
  const plane = createControlPlane({
    layout,
    raw: createRawStore({ rawDir, layout, requireSuccessFile: false }),
    output: createOutputStore({ folder, layout }),
    checkpoint,
    checkpointTimeoutMs: patienceMs,
    watchIntervalMs: 0,
    history: createRunFiles({ folder, onUnreadable: () => {} }),
    engines,
    defaultEngine: 'csv',
    sparkFromBytes: Number.POSITIVE_INFINITY,
    ignoredColumns: new Set(['order_id', 'order_hour_of_day']),
    fileChecks: { identicalFiles: 'fail', requireFinalNewline: false, findSameTexts },
    observer: silent,
  });
  await plane.start();
  return {
    plane,
    stop: async () => {
      await plane.stop();
      await checkpoint.close();
    },
  };
}
