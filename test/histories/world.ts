/** What a history happens to: one or two datasets of one or two processes, over real files. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../src/core/ports/engine.js';
import { createRunSlots } from '../../src/core/run-slots.js';
import type { EngineName } from '../../src/model/engine.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { openTempDir } from '../support/temp-dir.js';
import type { Calendar } from './calendar.js';
import { type Keepers, openKeepers } from './keeper.js';
import {
  type DatasetPlace,
  datasetOf,
  type KeptDataset,
  type Serving,
  serve,
} from './kept-dataset.js';
import { type FormName, type Picked, RawPlace } from './raw-place.js';
import { RawDays } from './raw-truth.js';
import type { ModelRules } from './rules.js';

export type { KeptDataset, Moment } from './kept-dataset.js';

export interface World {
  readonly calendar: Calendar;
  /** What lies raw. */
  readonly raw: RawDays;
  readonly place: RawPlace;
  readonly delimiter: string;
  readonly keepers: Keepers;
  /** Where the outputs of all datasets lie. */
  readonly outputFolder: string;
  readonly datasets: readonly KeptDataset[];
  /** The first process starts. */
  begin(): Promise<void>;
  /**
   * The process that is asked ends in good order, and another one starts, in which `changed` is set up otherwise;
   * `everywhere` ends the other one, too.
   */
  restart(changed?: ReadonlyMap<KeptDataset, ModelRules>, everywhere?: boolean): Promise<void>;
  /** From now on another process is asked, and this one stays. */
  turn(): Promise<void>;
  close(): Promise<void>;
}

export interface DatasetTraits {
  /** Of the first process. */
  readonly rules: ModelRules;
  readonly picked: Picked;
}

export interface WorldOptions {
  readonly calendar: Calendar;
  readonly form: FormName;
  readonly delimiter: string;
  readonly datasets: readonly DatasetTraits[];
  /** How many runs of a process may work at once. */
  readonly slots: number;
  /** The port of a server, and a database of its own; null for the embedded checkpoint. */
  readonly redis: { readonly port: number; readonly database: number } | null;
  /** Shared by all worlds. */
  readonly engines: ReadonlyMap<EngineName, Engine>;
}

/** A dataset each, in order. */
type Process = readonly Serving[];

export async function makeWorld(options: WorldOptions): Promise<World> {
  const { calendar, delimiter, redis } = options;
  const dir = await openTempDir();
  const outputFolder = join(dir.path, 'processed');
  const place = new RawPlace(join(dir.path, 'raw'), calendar, options.form);
  const raw = new RawDays(calendar);
  const keepers = await openKeepers(redis);
  await mkdir(place.templateOf('all', calendar).root, { recursive: true });
  const placeOf = ({ picked }: DatasetTraits, at: number): DatasetPlace => ({
    name: ['orders', 'second'][at] ?? '',
    folder: stateFolderOf(join(outputFolder, `${['orders', 'second'][at]}.csv`)),
    template: place.templateOf(picked, calendar),
    ground: { calendar, raw, delimiter, picked, hasFolders: !place.isFlat },
  });
  const datasets = options.datasets.map((traits, at) =>
    datasetOf(placeOf(traits, at), traits.rules, keepers, options.engines),
  );

  const start = async (rules: readonly ModelRules[]): Promise<Process> => {
    const shared = { slots: createRunSlots(options.slots), connect: keepers.share() };
    return Promise.all(
      datasets.map((dataset, at) => serve(dataset, rules[at] as ModelRules, shared)),
    );
  };
  const stop = async (process: Process) => {
    for (const { stop: end } of process) await end();
  };
  let first: Process = [];
  let other: Process | null = null;
  const ask = (process: Process) => {
    first = process;
    for (const [at, dataset] of datasets.entries()) dataset.ask(process[at] as Serving);
  };
  const rulesNow = (changed?: ReadonlyMap<KeptDataset, ModelRules>) =>
    datasets.map((dataset) => changed?.get(dataset) ?? dataset.rules);

  return {
    ...{ calendar, raw, place, delimiter, keepers, outputFolder, datasets },
    begin: async () => ask(await start(options.datasets.map(({ rules }) => rules))),
    restart: async (changed, everywhere = false) => {
      const rules = rulesNow(changed);
      await stop(first);
      if (everywhere && other !== null) await stop(other);
      if (everywhere) other = null;
      ask(await start(rules));
    },
    turn: async () => {
      const next = other ?? (await start(rulesNow()));
      other = first;
      ask(next);
    },
    close: async () => {
      await stop(first);
      if (other !== null) await stop(other);
      await keepers.close();
      await dir.remove();
    },
  };
}
