/** What other processes did to their runs, taken into memory. */

import { hasEnded, type KeyBinding, type Run, statusOf } from '../model/run.js';
import type { Observer } from './observer.js';
import type { FoundRun, RunHistory } from './ports/run-history.js';
import { uncommitted } from './run-decisions.js';
import { change, type Entry, promiseWithResolve, type RunEntries } from './run-entries.js';
import { createShared } from './serial.js';

export interface RunMirrorOptions {
  readonly history: Pick<RunHistory, 'look' | 'patiently'>;
  readonly entries: RunEntries;
  readonly observer: Pick<Observer, 'warning'>;
  persist(entry: Entry): Promise<unknown>;
  /** A run that was interrupted after its commit point did its work. */
  commitOf(runId: string): Promise<number | null>;
}

/** Returns the function that looks at them; concurrent callers share a look. */
export function createRunMirror(options: RunMirrorOptions): () => Promise<void> {
  const { history, entries, observer } = options;
  let isBlind = false;

  /** Logged once, not at every request: known runs are answered from memory. */
  const tellBlindness = (failure: unknown) => {
    if (failure !== null && !isBlind) {
      observer.warning('not all runs of other processes could be looked at', failure);
    }
    isBlind = failure !== null;
  };

  const take = async (found: FoundRun) => {
    const { run, isSure } = await lookAgain(found.run);
    const entry = put(run, found.keys);
    // A process that finds a run's owner gone writes the end; every other record belongs to its owner.
    const isNews = found.knownBy === 'gone' || (found.knownBy === 'told' && run !== found.run);
    if (isNews && isSure) await options.persist(entry);
  };

  const put = (run: Run, keys: readonly KeyBinding[]): Entry => {
    const entry = entries.get(run.id);
    if (entry === null) return entries.enter({ run, keys }, true);
    if (hasEnded(entry.run) && !hasEnded(run)) entry.ended = promiseWithResolve();
    change(entry, run);
    for (const binding of keys) {
      if (!entry.keys.some(({ key }) => key === binding.key)) entries.bind(entry, binding);
    }
    if (hasEnded(run)) entries.settle(entry);
    return entry;
  };

  /** One of this process that has not ended writes its record again. */
  const drop = (runId: string) => {
    const entry = entries.get(runId);
    if (entry === null || !(entry.abroad || hasEnded(entry.run))) return;
    entries.forget(entry);
    entry.ended.resolve();
  };

  /** What became of a run whose process stopped; not sure where the ledger cannot be asked. */
  const lookAgain = async (run: Run): Promise<{ readonly run: Run; readonly isSure: boolean }> => {
    const isKnown = run.status !== 'interrupted' || run.commit !== null || run.days.length === 0;
    if (isKnown) return { run, isSure: true };
    try {
      const commit = await options.commitOf(run.id);
      if (commit === null) return { run: withoutCommit(run), isSure: true };
      const warning = 'the process stopped after the commit; what it did is taken from the ledger';
      const warnings = [...run.warnings, warning];
      return { run: { ...run, commit, status: statusOf(run), warnings }, isSure: true };
    } catch (error) {
      observer.warning(`whether run ${run.id} committed could not be looked up`, error);
      return { run, isSure: false };
    }
  };

  const look = createShared(async () => {
    const { found, removed, failure } = await history.look();
    for (const runId of removed) drop(runId);
    for (const each of found) await take(each);
    tellBlindness(failure);
  });
  // One that hangs goes on, and what it finds in the end is taken; no one waits for it longer than for any look.
  return () => history.patiently(look).catch(tellBlindness);
}

/** Its record was written before the commit point, and tells what it was about to do. */
function withoutCommit(run: Run): Run {
  const isTold = run.days.every(({ outcome }) => outcome === 'failed' || outcome === 'skipped');
  return isTold
    ? run
    : { ...run, days: uncommitted(run, 'the run was interrupted before its commit') };
}
