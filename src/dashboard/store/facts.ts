/**
 * What the page knows about the service, and how it stays fresh at low cost: a small request every few seconds
 * (checkpoint, active runs, whether the days have changed), and larger ones only when that has changed, or once in a
 * while.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Client } from '../../client/client.js';
import type { Checkpoint, Days, ListedRun } from '../../client/types.js';
import { countGaps, type Group, groupDays } from '../model/groups.js';
import { type Problem, problemFrom } from '../model/problem.js';
import { type Drift, isDrift, readingWords } from '../model/readings.js';
import { createDayList } from './day-list.js';

export interface Facts {
  readonly checkpoint: Signal<Checkpoint | null>;
  readonly days: Signal<Days | null>;
  readonly groups: ReadonlySignal<readonly Group[]>;
  /** Days missing between the first and the last. */
  readonly gaps: ReadonlySignal<number>;
  /** The newest first. */
  readonly runs: Signal<readonly ListedRun[]>;
  readonly olderRuns: Signal<string | null>;
  readonly activeRuns: Signal<readonly ListedRun[]>;
  /** The newest time that this page itself found the checkpoint wrong. */
  readonly drift: Signal<Drift | null>;
  /** Why the newest look failed; null if it did not. */
  readonly problem: Signal<Problem | null>;
  /** When the newest look succeeded, in milliseconds since 1970. */
  readonly lookedAt: Signal<number | null>;
  /** Looks at everything now. */
  refresh(): Promise<void>;
  /** The small look; the rest follows if it found something new. */
  pulse(): Promise<void>;
  loadOlderRuns(): Promise<void>;
}

const runsPerPage = 15;
/** Very short runs that changed nothing do not affect the small look; this is how late they are shown. */
const fullLookEveryMs = 30_000;

export function createFacts(client: Client, now: () => number = Date.now): Facts {
  const checkpoint = signal<Checkpoint | null>(null);
  const dayList = createDayList(client);
  const { days } = dayList;
  const runs = signal<readonly ListedRun[]>([]);
  const olderRuns = signal<string | null>(null);
  const activeRuns = signal<readonly ListedRun[]>([]);
  const drift = signal<Drift | null>(null);
  const problem = signal<Problem | null>(null);
  const lookedAt = signal<number | null>(null);
  const groups = computed(() => groupDays(days.value?.days ?? []));
  let seen = '';
  let fullLookAt = Number.NEGATIVE_INFINITY;

  const lookBriefly = async () => {
    const [found, active] = await Promise.all([
      client.checkpoint(),
      client.runs({ limit: 10, status: 'queued,running' }),
    ]);
    checkpoint.value = found;
    activeRuns.value = active.runs;
    if (isDrift(found)) {
      drift.value = { text: readingWords(found).text, at: new Date(now()).toISOString() };
    }
    return pulseOf(found, active.runs);
  };
  const lookAtRuns = async () => {
    const newest = await client.runs({ limit: runsPerPage });
    const last = newest.runs.at(-1);
    // Ids sort by time; older pages that were loaded stay.
    const older = last === undefined ? [] : runs.value.filter(({ id }) => id < last.id);
    runs.value = [...newest.runs, ...older];
    if (older.length === 0) olderRuns.value = newest.nextCursor;
    fullLookAt = now();
  };
  const looks = turnTaker(async (full: boolean) => {
    try {
      const isDue = full || now() - fullLookAt > fullLookEveryMs;
      const [found, haveDaysChanged] = await Promise.all([
        lookBriefly(),
        dayList.look(),
        isDue ? lookAtRuns() : null,
      ]);
      if (!isDue && (haveDaysChanged || found !== seen)) await lookAtRuns();
      seen = found;
      problem.value = null;
      lookedAt.value = now();
    } catch (error) {
      problem.value = problemFrom(error);
    }
  });

  return {
    checkpoint,
    days,
    groups,
    gaps: computed(() => countGaps(groups.value)),
    runs,
    olderRuns,
    activeRuns,
    drift,
    problem,
    lookedAt,
    refresh: () => looks(true),
    pulse: () => looks(false),
    loadOlderRuns: async () => {
      if (olderRuns.value === null) return;
      const page = await client.runs({ limit: runsPerPage, cursor: olderRuns.value });
      runs.value = [...runs.value, ...page.runs];
      olderRuns.value = page.nextCursor;
    },
  };
}

function pulseOf(
  { day, completeThrough, output, notices }: Checkpoint,
  active: readonly ListedRun[],
): string {
  const runs = active.map(({ id, status }) => [id, status]);
  return JSON.stringify([day, completeThrough, output, notices, runs]);
}

/** One look at a time. A full look requested during another one follows it; a small one is skipped. */
function turnTaker(look: (full: boolean) => Promise<void>): (full: boolean) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let underWay = 0;
  return (full) => {
    if (underWay > 0 && !full) return last;
    underWay += 1;
    last = last
      .then(() => look(full))
      .finally(() => {
        underWay -= 1;
      });
    return last;
  };
}
