/**
 * The runs that are known: those of this process, and the newest of the history on disk.
 *
 * Runs that did nothing, and dry runs, are kept in memory only: schedulers send thousands of them.
 */

import type { DayHistory, RunFilter } from './control-plane.js';
import type { Day } from './day.js';
import type { Observer } from './observer.js';
import type { RunHistory } from './ports.js';
import { ProblemError } from './problems.js';
import {
  hasEnded,
  type KeyBinding,
  type Run,
  type RunDay,
  type StoredRun,
  seenAs,
  statusOf,
} from './run.js';
import { createRunFeed, type RunFeed, type ToldRunFeed } from './run-feed.js';
import { createRunMeter, type RunMeter } from './run-progress.js';

export const keptRuns = 1_000;
const keptTransientRuns = 100;
/** More callers than these cannot share one queued run. */
export const maxKeysPerRun = 256;

interface Entry {
  /** Without its progress, which changes all the time, and as of the last time that someone asked. */
  run: Run;
  /** Gives the days that are done by now; null where the run has them. */
  sofar: (() => readonly RunDay[]) | null;
  /** While the run works here. */
  meter: RunMeter | null;
  /** From the first time that someone follows the run. */
  feed: ToldRunFeed | null;
  /** Another process works on it, as far as is known. */
  readonly abroad: boolean;
  readonly keys: KeyBinding[];
  /** In memory only, unless it turns out to have work. */
  transient: boolean;
  readonly ended: PromiseWithResolve;
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  resolve(): void;
}

export interface RunRegistry {
  /**
   * What is on disk. A run that was interrupted after its commit point (`commitOf` tells) did what it was
   * asked for, so it ends as its days say.
   */
  load(commitOf: (runId: string) => Promise<number | null>): Promise<void>;
  add(run: Run, binding: KeyBinding | null, transient: boolean): Promise<void>;
  /** One more key for a run that others asked for. */
  bind(runId: string, binding: KeyBinding): Promise<void>;
  update(runId: string, patch: Partial<Run>): Run;
  /** The run's days are what `sofar` gives: with thousands of them, no list is made that nobody reads. */
  reached(runId: string, sofar: () => readonly RunDay[]): void;
  /** Counts what the run does from here to its end. */
  meter(runId: string): RunMeter;
  feed(runId: string): RunFeed;
  /** From here on (or again) the run is kept on disk as it is. */
  save(runId: string): Promise<void>;
  end(runId: string, patch: Partial<Run>): Promise<Run>;
  get(runId: string): Run;
  /** By id, or by key as that key sees it. */
  find(idOrKey: string): Run | null;
  /** Under which the run was asked for with that key; null where `key` is none of its keys. */
  binding(runId: string, key: string): KeyBinding | null;
  keyCount(runId: string): number;
  /** Resolves when the run has ended. */
  ended(runId: string): Promise<void>;
  list(filter: RunFilter): { readonly runs: readonly Run[]; readonly more: boolean };
  lastRunOf(day: Day): DayHistory | null;
}

export function createRunRegistry(history: RunHistory, observer: Observer): RunRegistry {
  /** Oldest first. */
  const entries = new Map<string, Entry>();
  const newestByKey = new Map<string, string>();
  const lastByDay = new Map<Day, DayHistory>();

  const entryOf = (runId: string): Entry => {
    const entry = entries.get(runId);
    if (entry === undefined) throw new ProblemError('run-not-found', `There is no run ${runId}.`);
    return entry;
  };

  const persist = async (entry: Entry) => {
    const { keys } = entry;
    const run = current(entry);
    try {
      await history.save({ run, keys, owner: history.owner });
    } catch (error) {
      // The record is for people; the run itself does not depend on it.
      observer.warning(`the record of run ${run.id} could not be written`, error);
    }
  };

  const evict = async () => {
    for (const transient of [true, false]) {
      const ended = [...entries.values()].filter(
        (entry) => entry.transient === transient && hasEnded(entry.run),
      );
      const surplus = ended.length - (transient ? keptTransientRuns : keptRuns);
      for (const entry of ended.slice(0, Math.max(0, surplus))) await forget(entry);
    }
  };

  const forget = async ({ run, keys, transient }: Entry) => {
    entries.delete(run.id);
    for (const { key } of keys) if (newestByKey.get(key) === run.id) newestByKey.delete(key);
    if (!transient) {
      await history.remove(run.id).catch((error) => {
        observer.warning(`the old record of run ${run.id} could not be removed`, error);
      });
    }
  };

  const enter = (
    { run, keys }: Pick<StoredRun, 'run' | 'keys'>,
    { transient, abroad }: Pick<Entry, 'transient' | 'abroad'>,
  ): Entry => {
    const entry: Entry = {
      run,
      sofar: null,
      meter: null,
      feed: null,
      abroad,
      keys: [...keys],
      transient,
      ended: promiseWithResolve(),
    };
    entries.set(run.id, entry);
    for (const { key } of keys) newestByKey.set(key, run.id);
    if (hasEnded(run)) settle(entry);
    return entry;
  };

  const settle = ({ run, ended }: Entry) => {
    for (const entry of run.request.dryRun ? [] : run.days) {
      if (entry.outcome === 'skipped') continue;
      lastByDay.set(entry.day, { runId: run.id, finishedAt: run.finishedAt, entry });
    }
    ended.resolve();
  };

  return {
    load: async (commitOf) => {
      for (const stored of await history.load()) {
        const run = await lookAgain(stored.run, commitOf);
        const entry = enter({ ...stored, run }, { transient: false, abroad: !hasEnded(run) });
        if (entry.run !== stored.run) await persist(entry);
      }
      await evict();
    },
    add: async (run, binding, transient) => {
      const entry = enter(
        { run, keys: binding === null ? [] : [binding] },
        { transient, abroad: false },
      );
      if (!transient) await persist(entry);
    },
    bind: async (runId, binding) => {
      const entry = entryOf(runId);
      entry.keys.push(binding);
      newestByKey.set(binding.key, runId);
      if (!entry.transient) await persist(entry);
    },
    update: (runId, patch) => {
      const entry = entryOf(runId);
      change(entry, patch);
      return seen(entry);
    },
    reached: (runId, sofar) => {
      entryOf(runId).sofar = sofar;
    },
    meter: (runId) => {
      const meter = createRunMeter();
      entryOf(runId).meter = meter;
      return meter;
    },
    feed: (runId) => {
      const entry = entryOf(runId);
      entry.feed ??= createRunFeed({
        run: () => current(entry),
        progress: () => entry.meter?.progress() ?? null,
        abroad: entry.abroad,
      });
      return entry.feed;
    },
    save: async (runId) => {
      const entry = entryOf(runId);
      entry.transient = false;
      await persist(entry);
    },
    end: async (runId, patch) => {
      const entry = entryOf(runId);
      change(entry, patch);
      entry.meter = null;
      if (!entry.transient) await persist(entry);
      settle(entry);
      await evict();
      return entry.run;
    },
    get: (runId) => seen(entryOf(runId)),
    find: (idOrKey) => {
      const entry = entries.get(idOrKey) ?? entries.get(newestByKey.get(idOrKey) ?? '');
      if (entry === undefined) return null;
      const binding = entry.keys.find(({ key }) => key === idOrKey);
      return binding === undefined ? seen(entry) : seenAs(seen(entry), binding);
    },
    binding: (runId, key) => entryOf(runId).keys.find((each) => each.key === key) ?? null,
    keyCount: (runId) => entryOf(runId).keys.length,
    ended: (runId) => entryOf(runId).ended.promise,
    list: (filter) => page([...entries.values()].map(seen).reverse(), filter),
    lastRunOf: (day) => lastByDay.get(day) ?? null,
  };
}

function change(entry: Entry, patch: Partial<Run>): void {
  entry.run = { ...current(entry), ...patch };
  entry.feed?.changed();
}

/** The same object until something else than the progress changes. */
function current(entry: Entry): Run {
  if (entry.sofar !== null) entry.run = { ...entry.run, days: entry.sofar() };
  entry.sofar = null;
  return entry.run;
}

function seen(entry: Entry): Run {
  const { meter } = entry;
  const run = current(entry);
  return meter === null ? run : { ...run, progress: meter.progress() };
}

async function lookAgain(
  run: Run,
  commitOf: (runId: string) => Promise<number | null>,
): Promise<Run> {
  if (run.status !== 'interrupted' || run.commit !== null || run.days.length === 0) return run;
  const commit = await commitOf(run.id);
  if (commit === null) return run;
  const warning = 'the process stopped after the commit; what it did is taken from the ledger';
  return { ...run, commit, status: statusOf(run), warnings: [...run.warnings, warning] };
}

/** UUIDv7 sorts by time, so that ids serve as cursors even when their run has left the history. */
function page(newestFirst: readonly Run[], { statuses, limit, after }: RunFilter) {
  const wanted = newestFirst.filter(
    (run) =>
      (statuses === null || statuses.includes(run.status)) && (after === null || run.id < after),
  );
  return { runs: wanted.slice(0, limit), more: wanted.length > limit };
}

function promiseWithResolve(): PromiseWithResolve {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
