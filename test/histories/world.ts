/** What a history happens to: one or two control planes over real files, and what the model says of them. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createControlPlane,
  type RunningControlPlane,
} from '../../src/core/create-control-plane.js';
import type { Engine } from '../../src/core/ports/engine.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { findSameTexts } from '../../src/engine/same-texts.js';
import { seedDefinition, shapeOf } from '../../src/model/definition.js';
import type { EngineName } from '../../src/model/engine.js';
import { dayFoldersIn } from '../../src/model/path-template.js';
import type { Run, RunRequest } from '../../src/model/run.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { createRunFiles } from '../../src/output/run-files.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { silent } from '../core/plane.js';
import { onOwnThread } from '../support/own-thread.js';
import { openTempDir } from '../support/temp-dir.js';
import { type Calendar, layoutFor } from './calendar.js';
import { fileKeeper, type Keeper, patienceMs, redisKeeper } from './keeper.js';
import { type ModelRules, neverCategories, settingsOf } from './rules.js';
import { Truth } from './truth.js';

/** A moment of a run: before its first day is read, or when its commit is claimed and not published yet. */
export type Moment = 'read' | 'claim';

export interface World {
  readonly calendar: Calendar;
  readonly truth: Truth;
  readonly keeper: Keeper;
  readonly rawDir: string;
  readonly folder: StateFolder;
  /** The process that is asked. */
  readonly plane: RunningControlPlane;
  /** How that process is set up. */
  readonly rules: ModelRules;
  /** The first process starts. */
  begin(): Promise<void>;
  /** Submits to it and waits for the end. */
  finish(request: RunRequest): Promise<Run>;
  /** Does `action` at the next such moment. What is returned tells whether it came, and calls it off if not. */
  at(moment: Moment, action: () => Promise<void>): () => boolean;
  /** The process ends in good order, and another one starts; `everywhere` ends the other one, too. */
  restart(rules?: ModelRules, everywhere?: boolean): Promise<void>;
  /** From now on another process is asked, and this one stays. */
  turn(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly calendar: Calendar;
  /** Of the first process. */
  readonly rules: ModelRules;
  /** The port of a server, and a database of its own; null for the embedded checkpoint. */
  readonly redis: { readonly port: number; readonly database: number } | null;
  /** Shared by all worlds. */
  readonly engines: ReadonlyMap<EngineName, Engine>;
}

interface Process {
  readonly plane: RunningControlPlane;
  readonly rules: ModelRules;
  stop(): Promise<void>;
}

export async function makeWorld(options: WorldOptions): Promise<World> {
  const { calendar, redis } = options;
  const dir = await openTempDir();
  const rawDir = join(dir.path, 'raw');
  await mkdir(rawDir);
  const folder = stateFolderOf(join(dir.path, 'processed', 'orders.csv'));
  const keeper =
    redis === null ? fileKeeper(folder.checkpoint) : await redisKeeper(redis.port, redis.database);
  const interruption = createInterruption();
  const engines = interruptedEngines(options.engines, interruption.reached);
  const disk = interruptedDisk(folder, interruption.reached);
  const start = (rules: ModelRules) =>
    startProcess({ calendar, rawDir, folder, keeper, engines, disk, rules });
  let first: Process | null = null;
  let other: Process | null = null;
  const asked = (): Process => {
    if (first === null) throw new Error('no process has started');
    return first;
  };

  return {
    calendar,
    truth: new Truth(calendar, options.rules),
    keeper,
    rawDir,
    folder,
    get plane() {
      return asked().plane;
    },
    get rules() {
      return asked().rules;
    },
    begin: async () => {
      first = await start(options.rules);
    },
    finish: async (request) => {
      const { plane } = asked();
      const { run } = await plane.submit(request, { key: null, ifActive: 'queue' });
      return plane.wait(run.id, patienceMs, new AbortController().signal);
    },
    at: interruption.at,
    restart: async (rules = asked().rules, everywhere = false) => {
      await asked().stop();
      if (everywhere) await other?.stop();
      if (everywhere) other = null;
      first = await start(rules);
    },
    turn: async () => {
      const next: Process = other ?? (await start(asked().rules));
      other = asked();
      first = next;
    },
    close: async () => {
      await first?.stop();
      await other?.stop();
      await keeper.close();
      await dir.remove();
    },
  };
}

/** One thing that someone else does while a run works. */
function createInterruption() {
  let due: { readonly moment: Moment; readonly action: () => Promise<void> } | null = null;
  return {
    at: (moment: Moment, action: () => Promise<void>) => {
      due = { moment, action };
      return () => {
        const came = due === null;
        due = null;
        return came;
      };
    },
    reached: async (moment: Moment) => {
      if (due?.moment !== moment) return;
      const { action } = due;
      due = null;
      await action();
    },
  };
}

type Reached = (moment: Moment) => Promise<void>;

function interruptedEngines(engines: ReadonlyMap<EngineName, Engine>, reached: Reached) {
  const interrupted = [...engines].map(([name, engine]): [EngineName, Engine] => [
    name,
    {
      ...engine,
      aggregate: async (job) => {
        await reached('read');
        return engine.aggregate(job);
      },
    },
  ]);
  return new Map(interrupted);
}

function interruptedDisk({ commits }: StateFolder, reached: Reached): Disk {
  return {
    ...nodeDisk,
    link: async (from, to) => {
      await nodeDisk.link(from, to);
      if (dirname(to) === commits) await reached('claim');
    },
  };
}

type ProcessOptions = Pick<World, 'calendar' | 'rawDir' | 'folder' | 'keeper' | 'rules'> &
  Pick<WorldOptions, 'engines'> & { readonly disk: Disk };

async function startProcess(options: ProcessOptions): Promise<Process> {
  const { calendar, rawDir, folder, keeper, engines, disk, rules } = options;
  const settings = settingsOf(rules);
  const layout = layoutFor(calendar);
  const definition = seedDefinition(layout.name, [...neverCategories, ...rules.ignored]);
  const checkpoint = keeper.open();
  const plane = createControlPlane({
    definition,
    raw: createRawStore({
      template: dayFoldersIn(rawDir, layout),
      requireSuccessFile: false,
      watch: onOwnThread,
    }),
    // Some days wait for the commit in memory, and some on disk.
    output: createOutputStore({
      folder,
      shape: shapeOf(definition),
      writer: { dataset: 'orders', settings },
      disk,
      spoolBytes: 40,
    }),
    checkpoint,
    checkpointTimeoutMs: patienceMs,
    watchIntervalMs: 0,
    history: createRunFiles({ folder, onUnreadable: () => {} }),
    engines,
    defaultEngine: 'csv',
    sparkFromBytes: Number.POSITIVE_INFINITY,
    adopt: rules.adopt,
    checkpointRule: rules.checkpoint,
    settings,
    fileChecks: { identicalFiles: 'fail', requireFinalNewline: false, findSameTexts },
    observer: silent,
  });
  await plane.start();
  return {
    plane,
    rules,
    stop: async () => {
      await plane.stop();
      await checkpoint.close();
    },
  };
}
