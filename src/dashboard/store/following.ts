/** The runs that the page follows while they are active, and their progress. */
import { effect, type Signal, signal } from '@preact/signals';
import type { Client } from '../../client/client.js';
import { followRun } from '../../client/follow-run.js';
import type { ListedRun, Progress, Run } from '../../client/types.js';
import type { Facts } from './facts.js';

export interface Followed {
  /** Without its days until the first event. */
  readonly run: Run | ListedRun;
  /** From the service's events; null if it sends none. */
  readonly progress: Progress | null;
}

/** By run id: those that are active, and those that ended since the page was opened. */
export type FollowedRuns = Signal<ReadonlyMap<string, Followed>>;

export interface Following {
  readonly runs: FollowedRuns;
  /** Follows a run that was just started. */
  add(run: Run | ListedRun): void;
  stop(): void;
}

export function createFollowing(client: Client, facts: Facts): Following {
  const runs: FollowedRuns = signal(new Map());
  const ending = new AbortController();

  const put = (id: string, change: Partial<Followed>, run: Followed['run']) => {
    const before = runs.peek().get(id) ?? { run, progress: null };
    runs.value = new Map(runs.peek()).set(id, { ...before, ...change });
  };
  const follow = async (run: Followed['run']) => {
    put(run.id, { run }, run);
    const listener = {
      onRun: (next: Run) => put(run.id, { run: next }, run),
      onProgress: (progress: Progress) => put(run.id, { progress }, run),
    };
    // If it cannot be followed, the next look says why, and starts to follow it again.
    const ended = await followRun(client, run.id, listener, ending.signal).catch(() => null);
    if (ended === null) forget(run.id);
    await facts.refresh();
  };
  const forget = (id: string) => {
    const rest = new Map(runs.peek());
    rest.delete(id);
    runs.value = rest;
  };
  const add = (run: Followed['run']) => {
    if (!runs.peek().has(run.id)) void follow(run);
  };
  const stopWatching = effect(() => {
    for (const run of facts.activeRuns.value) add(run);
  });

  return {
    runs,
    add,
    stop: () => {
      stopWatching();
      ending.abort();
    },
  };
}
