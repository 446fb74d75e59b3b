/**
 * The events of a run for its followers: its states and its progress.
 *
 * Two events are kept, the newest of each kind. Each is complete, so followers that were away or read slowly miss
 * nothing that still matters, and a run takes the same memory however much happens in it. A change of status is sent
 * at once. Days and bytes are sent from time to time: a state holds every day, and with thousands of days each state
 * would be another megabyte.
 */

import { isSameProgress, type RunProgress } from '../model/progress.js';
import { hasEnded, type Run } from '../model/run.js';

export type RunEvent =
  | {
      readonly kind: 'state';
      readonly id: number;
      readonly run: Run;
      /** Nothing follows it. */
      readonly last: boolean;
    }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: RunProgress };

export interface RunFeed {
  /**
   * The next event for who has had all up to `id`; null where there is none yet, or any more. Who has had
   * none, or those that another process told, begins with the state as it is now.
   */
  next(id: number | null): RunEvent | null;
  /** Calls `listener` when there may be something new; gives what ends that. */
  follow(listener: () => void): () => void;
}

export interface ToldRunFeed extends RunFeed {
  /** To be called after each change of the run. */
  changed(): void;
}

export interface FollowedRun {
  /** The same object for as long as nothing but the progress changed. */
  run(): Run;
  progress(): RunProgress | null;
}

/** Between two looks at the progress while someone follows it. */
const tickMs = 200;

/** Between two states of a run whose status stays the same: the more days, the longer. */
const stateGapMs = ({ days }: Run) => Math.max(tickMs, days.length);

export function createRunFeed({ run: current, progress }: FollowedRun): ToldRunFeed {
  // Counted from the clock, so that an earlier process's ids of the same run are lower than all of ours.
  const firstId = Date.now();
  let newestId = firstId;
  let told = current();
  let toldAt = performance.now();
  let toldProgress: RunProgress | null = null;
  const newest: { state?: RunEvent; progress?: RunEvent } = {};
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  const stateOf = (id: number): RunEvent => {
    const run = current();
    return {
      kind: 'state',
      id,
      run: { ...run, progress: hasEnded(run) ? null : progress() },
      last: hasEnded(run),
    };
  };

  const tellProgress = () => {
    const reached = progress();
    if (reached === null || isSameProgress(reached, toldProgress)) return;
    toldProgress = reached;
    newest.progress = { kind: 'progress', id: ++newestId, progress: reached };
  };

  const tellState = (patient: boolean) => {
    const run = current();
    const waits = patient && run.status === told.status;
    if (run === told || (waits && performance.now() - toldAt < stateGapMs(run))) return;
    told = run;
    toldAt = performance.now();
    newest.state = stateOf(++newestId);
  };

  /** The progress comes first, so that the last state is the last event. */
  const tell = (patient: boolean) => {
    const before = newestId;
    tellProgress();
    tellState(patient);
    if (hasEnded(told)) stopTicking();
    if (newestId !== before) for (const listener of [...listeners]) listener();
  };

  const stopTicking = () => {
    clearInterval(timer);
    timer = undefined;
  };

  /** Without followers there are no events; changes in the meantime become one event. */
  const catchUp = () => {
    if (listeners.size === 0) tell(false);
  };

  const isOurs = (id: number) => id >= firstId && id <= newestId;

  return {
    next: (id) => {
      catchUp();
      if (id === null || !isOurs(id)) return stateOf(newestId);
      const events = [newest.progress, newest.state].filter((event) => event !== undefined);
      return events.filter((event) => event.id > id).sort((a, b) => a.id - b.id)[0] ?? null;
    },
    follow: (listener) => {
      catchUp();
      listeners.add(listener);
      if (timer === undefined && !hasEnded(told)) timer = setInterval(tell, tickMs, true).unref();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stopTicking();
      };
    },
    changed: () => {
      if (listeners.size > 0 && current().status !== told.status) tell(true);
    },
  };
}
