/** A dataset of a history: where it lies, the process that is asked for it, and what the model says of it. */
import { dirname } from 'node:path';
import type { Connect } from '../../src/checkpoint/shared-connection.js';
import {
  createControlPlane,
  type RunningControlPlane,
} from '../../src/core/create-control-plane.js';
import type { Engine } from '../../src/core/ports/engine.js';
import type { RunSlots } from '../../src/core/run-slots.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { findSameTexts } from '../../src/engine/same-texts.js';
import { shapeOf } from '../../src/model/definition.js';
import type { EngineName } from '../../src/model/engine.js';
import type { PathTemplate } from '../../src/model/path-template.js';
import type { Run, RunRequest } from '../../src/model/run.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { createRunFiles } from '../../src/output/run-files.js';
import type { StateFolder } from '../../src/output/state-folder.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { silent } from '../core/plane.js';
import { onOwnThread } from '../support/own-thread.js';
import type { Ground } from './beliefs.js';
import { type Keeper, type Keepers, patienceMs } from './keeper.js';
import { type ModelRules, settingsOf } from './rules.js';
import { definitionOf, type Spec } from './spec.js';
import { Truth } from './truth.js';

/** A moment of a run: before its first day is read, or when its commit is claimed and not published yet. */
export type Moment = 'read' | 'claim';

export interface DatasetPlace {
  readonly name: string;
  readonly folder: StateFolder;
  readonly template: PathTemplate;
  readonly ground: Ground;
}

export interface KeptDataset extends DatasetPlace {
  readonly truth: Truth;
  readonly keeper: Keeper;
  readonly engines: ReadonlyMap<EngineName, Engine>;
  readonly disk: Disk;
  /** Definitions that it had before, the last one at the end. */
  readonly earlier: Spec[];
  /** Of all runs that it was asked for. */
  readonly runIds: Set<string>;
  /** In the process that is asked. */
  readonly plane: RunningControlPlane;
  /** How that process is set up. */
  readonly rules: ModelRules;
  /** Another process is asked from now on. */
  ask(serving: Serving): void;
  /** Submits a run, and waits for its end. */
  finish(request: RunRequest): Promise<Run>;
  /** Does `action` at the next such moment. What is returned tells whether it came, and calls it off if not. */
  at(moment: Moment, action: () => Promise<void>): () => boolean;
}

export interface Serving {
  readonly plane: RunningControlPlane;
  readonly rules: ModelRules;
  stop(): Promise<void>;
}

export function datasetOf(
  place: DatasetPlace,
  rules: ModelRules,
  keepers: Keepers,
  engines: ReadonlyMap<EngineName, Engine>,
): KeptDataset {
  const interruption = createInterruption();
  const runIds = new Set<string>();
  let serving: Serving | null = null;
  const asked = (): Serving => {
    if (serving === null) throw new Error('no process has started');
    return serving;
  };
  return {
    ...place,
    truth: new Truth(place.ground, rules),
    keeper: keepers.of(place.name, place.folder.checkpoint),
    engines: interruptedEngines(engines, interruption.reached),
    disk: interruptedDisk(place.folder, interruption.reached),
    earlier: [],
    runIds,
    get plane() {
      return asked().plane;
    },
    get rules() {
      return asked().rules;
    },
    ask: (next) => {
      serving = next;
    },
    finish: async (request) => {
      const { plane } = asked();
      const { run } = await plane.submit(request, { key: null, ifActive: 'queue' });
      runIds.add(run.id);
      return plane.wait(run.id, patienceMs, new AbortController().signal);
    },
    at: interruption.at,
  };
}

/** What the datasets of a process have together. */
interface Shared {
  readonly slots: RunSlots;
  /** Null without Redis. */
  readonly connect: Connect | null;
}

/** Its part of a process that starts. */
export async function serve(
  { name, folder, template, ground, keeper, engines, disk }: KeptDataset,
  rules: ModelRules,
  { slots, connect }: Shared,
): Promise<Serving> {
  const settings = settingsOf(rules);
  const definition = definitionOf(rules.spec, ground.calendar, ground.delimiter);
  const checkpoint = keeper.open(connect);
  const plane = createControlPlane({
    definition,
    raw: createRawStore({ template, requireSuccessFile: false, watch: onOwnThread }),
    // Some days wait for the commit in memory, and some on disk.
    output: createOutputStore({
      ...{ folder, disk, shape: shapeOf(definition), spoolBytes: 40 },
      writer: { dataset: name, settings },
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
    slots,
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
  const interrupted = <E extends Pick<Engine, 'aggregate'>>(engine: E): E => ({
    ...engine,
    aggregate: async (job) => {
      await reached('read');
      return engine.aggregate(job);
    },
  });
  const all = [...engines].map(([name, engine]): [EngineName, Engine] => {
    const { session } = engine;
    const own = interrupted(engine);
    return [name, session ? { ...own, session: (...args) => interrupted(session(...args)) } : own];
  });
  return new Map(all);
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
