/** The runs that this process knows, its own and those of others, in memory; no I/O. */

import type { Day } from '../model/day.js';
import { ProblemError } from '../model/problems.js';
import {
  didNothing,
  hasEnded,
  type KeyBinding,
  type Run,
  type RunDay,
  type StoredRun,
} from '../model/run.js';
import type { DayHistory, RunFilter } from './control-plane.js';
import type { ToldRunFeed } from './run-feed.js';
import type { RunMeter } from './run-progress.js';

/** With work or failures; and as many that did nothing, so that those push no others out. */
export const keptRuns = 1_000;

export interface Entry {
  /** Without its progress, which changes all the time, and as of the last time that someone asked. */
  run: Run;
  /** Returns the days done so far; null if the run has them. */
  sofar: (() => readonly RunDay[]) | null;
  /** While the run works here. */
  meter: RunMeter | null;
  /** From the first time that someone follows the run. */
  feed: ToldRunFeed | null;
  keys: KeyBinding[];
  /** The process that works on it, where that is another. */
  readonly abroad: boolean;
  /** The registry's warnings, in addition to the run's own. */
  readonly warnings: string[];
  ended: PromiseWithResolve;
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  resolve(): void;
}

export interface RunEntries {
  get(runId: string): Entry | null;
  /** Throws `run-not-found`. */
  need(runId: string): Entry;
  enter(stored: Pick<StoredRun, 'run' | 'keys'>, abroad: boolean): Entry;
  forget(entry: Entry): void;
  /** To be called when the entry's run has ended. */
  settle(entry: Entry): void;
  /** The last attempt of a key, according to the records. */
  lastOf(key: string): { readonly entry: Entry; readonly binding: KeyBinding } | null;
  bind(entry: Entry, binding: KeyBinding): void;
  lastRunOf(day: Day): DayHistory | null;
  newestId(): string | null;
  /** Those that are beyond what is kept, those that ended first. */
  surplus(): readonly Entry[];
  list(filter: RunFilter): { readonly runs: readonly Run[]; readonly more: boolean };
  /** Runs of this process that have not ended. */
  active(): readonly string[];
}

export function createRunEntries(): RunEntries {
  const entries = new Map<string, Entry>();
  /** The same by id, oldest first: another process's come late now and then. */
  const inOrder: Entry[] = [];
  const lastByKey = new Map<string, { readonly entry: Entry; readonly binding: KeyBinding }>();
  const lastByDay = new Map<Day, DayHistory>();
  const own = new Set<string>();
  let newestId: string | null = null;

  const bindingLeads = (entry: Entry, binding: KeyBinding) => {
    const known = lastByKey.get(binding.key);
    const isLast = known === undefined || known.binding.attempt <= binding.attempt;
    if (isLast) lastByKey.set(binding.key, { entry, binding });
  };

  const settle = (entry: Entry) => {
    const { run, ended } = entry;
    own.delete(run.id);
    for (const day of run.request.dryRun ? [] : run.days) {
      if (day.outcome === 'skipped') continue;
      const known = lastByDay.get(day.day);
      if (known !== undefined && isLater(known, run)) continue;
      lastByDay.set(day.day, { runId: run.id, finishedAt: run.finishedAt, entry: day });
    }
    ended.resolve();
  };

  return {
    get: (runId) => entries.get(runId) ?? null,
    need: (runId) => {
      const entry = entries.get(runId);
      if (entry === undefined) throw new ProblemError('run-not-found', `There is no run ${runId}.`);
      return entry;
    },
    enter: ({ run, keys }, abroad) => {
      const entry: Entry = {
        run,
        sofar: null,
        meter: null,
        feed: null,
        keys: [...keys],
        abroad,
        warnings: [],
        ended: promiseWithResolve(),
      };
      entries.set(run.id, entry);
      const before = inOrder.findLastIndex((each) => each.run.id < run.id);
      inOrder.splice(before + 1, 0, entry);
      if (newestId === null || run.id > newestId) newestId = run.id;
      for (const binding of keys) bindingLeads(entry, binding);
      if (hasEnded(run)) settle(entry);
      else if (!abroad) own.add(run.id);
      return entry;
    },
    forget: (entry) => {
      const { run, keys } = entry;
      entries.delete(run.id);
      inOrder.splice(inOrder.indexOf(entry), 1);
      own.delete(run.id);
      for (const { key } of keys) {
        if (lastByKey.get(key)?.entry.run.id === run.id) lastByKey.delete(key);
      }
    },
    settle,
    lastOf: (key) => lastByKey.get(key) ?? null,
    bind: (entry, binding) => {
      entry.keys.push(binding);
      bindingLeads(entry, binding);
    },
    lastRunOf: (day) => lastByDay.get(day) ?? null,
    newestId: () => newestId,
    surplus: () => {
      const ended = inOrder.filter(({ run }) => hasEnded(run));
      const groups = [true, false].map((idle) =>
        ended.filter(({ run }) => didNothing(run) === idle),
      );
      return groups.flatMap((group) => {
        const more = group.length - keptRuns;
        return more > 0 ? group.sort(byEnd).slice(0, more) : [];
      });
    },
    list: (filter) => page(inOrder.toReversed(), filter),
    active: () => [...own],
  };
}

/** By their ends: a run requested earlier may have touched the day later. */
function isLater(known: DayHistory, run: Run): boolean {
  const [first, second] = [known.finishedAt ?? '', run.finishedAt ?? ''];
  return first === second ? known.runId > run.id : first > second;
}

/** A run that took long is not the oldest to look at. */
function byEnd({ run: a }: Entry, { run: b }: Entry): number {
  const [first, second] = [a.finishedAt ?? '', b.finishedAt ?? ''];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The same object until something else than the progress changes. */
export function current(entry: Entry): Run {
  if (entry.sofar !== null) entry.run = { ...entry.run, days: entry.sofar() };
  entry.sofar = null;
  return entry.run;
}

export function seen(entry: Entry): Run {
  const { meter } = entry;
  const run = current(entry);
  return meter === null ? run : { ...run, progress: meter.progress() };
}

export function change(entry: Entry, patch: Partial<Run>): void {
  const warnings = [...entry.warnings, ...(patch.warnings ?? [])];
  const told = patch.warnings === undefined ? {} : { warnings };
  entry.run = { ...current(entry), ...patch, ...told };
  entry.feed?.changed();
}

/** UUIDv7 sorts by time, so that ids serve as cursors even when their run has left the history. */
function page(newestFirst: readonly Entry[], { statuses, limit, after }: RunFilter) {
  const wanted = newestFirst.filter(
    ({ run }) =>
      (statuses === null || statuses.includes(run.status)) && (after === null || run.id < after),
  );
  return { runs: wanted.slice(0, limit).map(seen), more: wanted.length > limit };
}

export function promiseWithResolve(): PromiseWithResolve {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
