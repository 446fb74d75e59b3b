/**
 * The runs of all processes that share the output: a mirror, in memory, of the records on disk. Runs of this process
 * are entered here first; those of others come from their records.
 */

import type { Day } from '../model/day.js';
import {
  didNothing,
  hasEnded,
  type KeyBinding,
  type Run,
  type RunDay,
  seenAs,
} from '../model/run.js';
import type { DayHistory, RunFilter } from './control-plane.js';
import type { Observer } from './observer.js';
import type { RunHistory } from './ports/run-history.js';
import { createRunBeat } from './run-beat.js';
import { change, createRunEntries, current, type Entry, seen } from './run-entries.js';
import { createRunFeed, type RunFeed } from './run-feed.js';
import { newRunId } from './run-ids.js';
import { createRunMirror } from './run-mirror.js';
import { createRunMeter, type RunMeter } from './run-progress.js';

/** More callers than these cannot share one queued run. */
export const maxKeysPerRun = 256;

export interface KnownKey {
  /** As the key sees it; null where its record is gone. */
  readonly run: Run | null;
  readonly attempt: number;
  /** How the run was asked for under the key; null where its claim cannot be read, or the key is a run's id. */
  readonly asked: KeyBinding | null;
}

export interface RunRegistry {
  /** Before anything else. `cancel` is called where another process wants it. */
  open(cancel: (runId: string) => Promise<unknown>): Promise<void>;
  /** What other processes did. Cheap where that is nothing; to be awaited before runs are asked about. */
  refresh(): Promise<void>;
  newId(): string;
  /**
   * The run is known at once, by its id, and by the key from its claim on. False where another process has
   * claimed that meanwhile: then there is no such run any more. An `idle` one is about to end at once.
   */
  add(run: Run, binding: KeyBinding | null, idle?: boolean): Promise<boolean>;
  /** One more key for a run that others asked for; false as above. */
  bind(runId: string, binding: KeyBinding): Promise<boolean>;
  update(runId: string, patch: Partial<Run>): Run;
  /** The run's days come from `sofar`, so that no list of thousands is made unless it is read. */
  reached(runId: string, sofar: () => readonly RunDay[]): void;
  /** Counts what the run does from here to its end. */
  meter(runId: string): RunMeter;
  feed(runId: string): RunFeed;
  save(runId: string): Promise<void>;
  end(runId: string, patch: Partial<Run>): Promise<Run>;
  get(runId: string): Run;
  /** By id, or by key as that key sees it. */
  find(idOrKey: string): Promise<Run | null>;
  findKey(key: string): Promise<KnownKey | null>;
  keyCount(runId: string): number;
  /** Resolves when the run has ended. */
  ended(runId: string): Promise<void>;
  /** Looks at another process's run now and then, until the function that it gives is called. */
  follow(runId: string): () => void;
  /** Asks the process that works on the run to cancel it; false where that is this one. */
  cancelAbroad(runId: string): Promise<boolean>;
  list(filter: RunFilter): { readonly runs: readonly Run[]; readonly more: boolean };
  lastRunOf(day: Day): DayHistory | null;
}

export interface RunRegistryOptions {
  readonly history: RunHistory;
  readonly observer: Pick<Observer, 'warning'>;
  /** A run that was interrupted after its commit point did what it was asked for. */
  commitOf(runId: string): Promise<number | null>;
}

export function createRunRegistry(options: RunRegistryOptions): RunRegistry {
  const { history, observer } = options;
  const entries = createRunEntries();
  /** Ended here, though the record does not say so yet: other processes would wait for ever. */
  const unsaved = new Set<Entry>();
  let cancel: (runId: string) => Promise<unknown> = async () => {};
  const beat = createRunBeat({
    history,
    active: entries.active,
    cancel: (runId) => cancel(runId),
    late: { isOwed: () => unsaved.size > 0, save: () => saveLate() },
    warn: observer.warning,
  });

  // -------------------------------------------------------------- what is written

  /** The record serves people and other processes; the run itself does not depend on it. */
  const write = async (run: Run, keys: readonly KeyBinding[], lasting: boolean) => {
    try {
      await history.save({ run, keys, owner: history.owner }, lasting);
      return true;
    } catch (error) {
      observer.warning(`the record of run ${run.id} could not be written`, error);
      return false;
    }
  };

  const persist = (entry: Entry) => {
    const run = current(entry);
    return write(run, entry.keys, !didNothing(run));
  };

  const saveLate = async () => {
    for (const entry of unsaved) {
      const run = current(entry);
      await history.save({ run, keys: entry.keys, owner: history.owner }, !didNothing(run));
      unsaved.delete(entry);
    }
  };

  /** False where the key is taken; a sentence where that cannot be told. */
  const claim = async (runId: string, binding: KeyBinding, lasting: boolean) => {
    try {
      return await history.claim({ ...binding, runId }, lasting);
    } catch (error) {
      observer.warning(`the key of run ${runId} could not be claimed`, error);
      return unclaimed(binding);
    }
  };

  const remove = async (entry: Pick<Entry, 'run' | 'keys'>) => {
    const { run, keys } = entry;
    await history.remove({ run, keys, owner: history.owner }).catch((error) => {
      observer.warning(`the old record of run ${run.id} could not be removed`, error);
    });
  };

  const evict = async () => {
    for (const entry of entries.surplus()) {
      entries.forget(entry);
      unsaved.delete(entry);
      await remove(entry);
    }
  };

  const refresh = createRunMirror({ ...options, entries, persist });

  // -------------------------------------------------------------- who waits for others

  let followers = 0;
  let timer: NodeJS.Timeout | undefined;

  const follow = ({ abroad, run }: Entry): (() => void) => {
    if (!abroad || hasEnded(run)) return () => {};
    followers += 1;
    timer ??= setInterval(() => void refresh(), history.pace.followMs).unref();
    return () => {
      followers -= 1;
      if (followers > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };

  const feedOf = (entry: Entry): RunFeed => {
    entry.feed ??= createRunFeed({
      run: () => current(entry),
      progress: () => entry.meter?.progress() ?? null,
    });
    const { feed } = entry;
    return {
      next: feed.next,
      follow: (listener) => {
        const leaving = [feed.follow(listener), follow(entry)];
        return () => {
          for (const leave of leaving) leave();
        };
      },
    };
  };

  // -------------------------------------------------------------- keys

  const findKey = async (key: string): Promise<KnownKey | null> => {
    const namesake = entries.get(key);
    if (namesake !== null) return { run: seen(namesake), attempt: 0, asked: null };
    const told = entries.lastOf(key);
    const { attempt, claim: newest } = await history.claimOf(key).catch((error) => {
      observer.warning(`the claims of key ${JSON.stringify(key)} could not be read`, error);
      return { attempt: 0, claim: null };
    });
    if (told !== null && told.binding.attempt >= attempt) return known(told.entry, told.binding);
    if (attempt === 0) return null;
    if (newest === null) return { run: null, attempt, asked: null };
    // A claim is made for a run whose record is there.
    if (entries.get(newest.runId) === null) await refresh();
    return known(entries.get(newest.runId), newest);
  };

  const known = (entry: Entry | null, asked: KeyBinding): KnownKey => ({
    run: entry === null ? null : seenAs(seen(entry), asked),
    attempt: asked.attempt,
    asked,
  });

  return {
    open: async (cancelHere) => {
      cancel = cancelHere;
      await history.open();
      await refresh();
      await evict();
    },
    refresh,
    newId: () => newRunId(entries.newestId()),
    add: async (run, binding, idle = false) => {
      const keys = binding === null ? [] : [binding];
      const lasting = !idle && !run.request.dryRun;
      const entry = entries.enter({ run, keys: [] }, false);
      beat.changed();
      // Of one without a key that ends at once, the end is all that there is to write.
      const isWritten = (idle && binding === null) || (await write(run, keys, lasting));
      if (binding === null) return true;
      const claimed = isWritten ? await claim(run.id, binding, lasting) : unclaimed(binding);
      if (claimed === false) {
        entries.forget(entry);
        entry.ended.resolve();
        beat.changed();
        await remove({ run, keys });
        return false;
      }
      entries.bind(entry, binding);
      if (typeof claimed === 'string') tell(entry, claimed);
      return true;
    },
    bind: async (runId, binding) => {
      const entry = entries.need(runId);
      const claimed = await claim(runId, binding, !didNothing(entry.run));
      if (claimed === false) return false;
      entries.bind(entry, binding);
      if (typeof claimed === 'string') tell(entry, claimed);
      if (!entry.abroad) await persist(entry);
      return true;
    },
    update: (runId, patch) => {
      const entry = entries.need(runId);
      change(entry, patch);
      return seen(entry);
    },
    reached: (runId, sofar) => {
      entries.need(runId).sofar = sofar;
    },
    meter: (runId) => {
      const meter = createRunMeter();
      entries.need(runId).meter = meter;
      return meter;
    },
    feed: (runId) => feedOf(entries.need(runId)),
    save: async (runId) => {
      await persist(entries.need(runId));
    },
    end: async (runId, patch) => {
      const entry = entries.need(runId);
      change(entry, patch);
      entry.meter = null;
      if (!(await persist(entry))) unsaved.add(entry);
      // Word that came too late.
      await history.takeCancel(runId).catch(() => {});
      await evict();
      entries.settle(entry);
      beat.changed();
      return entry.run;
    },
    get: (runId) => seen(entries.need(runId)),
    find: async (idOrKey) => {
      await refresh();
      const entry = entries.get(idOrKey);
      return entry === null ? ((await findKey(idOrKey))?.run ?? null) : seen(entry);
    },
    findKey,
    keyCount: (runId) => entries.need(runId).keys.length,
    ended: (runId) => entries.need(runId).ended.promise,
    follow: (runId) => follow(entries.need(runId)),
    cancelAbroad: async (runId) => {
      const { abroad } = entries.need(runId);
      if (!abroad) return false;
      await history.askToCancel(runId);
      await refresh();
      // It may have ended without having seen it.
      const { run } = entries.need(runId);
      if (hasEnded(run)) await history.takeCancel(runId);
      return !hasEnded(run);
    },
    list: entries.list,
    lastRunOf: entries.lastRunOf,
  };
}

function unclaimed({ key }: KeyBinding): string {
  return `the key ${JSON.stringify(key)} could not be claimed in runs/keys/: another replica may start a run of its own for it`;
}

/** From now on it is among the run's warnings. */
function tell(entry: Entry, warning: string): void {
  entry.warnings.push(warning);
  change(entry, { warnings: entry.run.warnings.filter((each) => !entry.warnings.includes(each)) });
}
