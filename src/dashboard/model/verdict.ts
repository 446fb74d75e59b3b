/** The headline of the page: whether the output matches the raw days and, if not, why. */
import type { DayState, DayStatus, ListedRun, Notice } from '../../client/types.js';
import { countOf, list, sentence } from '../../client/words.js';
import { hasEnded } from '../../model/run.js';
import { leadOf } from './notices.js';

export interface Verdict {
  readonly mood: 'good' | 'pending' | 'bad';
  readonly headline: string;
  readonly sentences: readonly string[];
}

const pendingReasons: Readonly<Partial<Record<DayState, string>>> = {
  new: 'new',
  late: 'late',
  changed: 'with changed raw files',
  outdated: 'made with other ignored columns',
  unverified: 'not yet compared with raw files',
  damaged: 'damaged in the output',
  rewound: 'rewound',
};

export interface Looked {
  readonly days: readonly DayStatus[];
  /** Days missing between the first and the last. */
  readonly gaps: number;
  readonly notices: readonly Notice[];
  /** Entries of the raw root that are no days. */
  readonly ignored: number;
}

export function verdictOn(
  { days, gaps, notices, ignored }: Looked,
  run: ListedRun | null,
): Verdict {
  const pending = days.filter((status) => status.pending);
  const failed = days.filter(({ lastError }) => lastError !== null);
  const waiting = days.filter(({ state }) => state === 'waiting');
  const lost = days.filter(({ state, pending }) => state === 'damaged' && !pending);
  const sentences = [
    ...new Set(notices.map(({ message }) => sentence(message))),
    ...(failed.length > 0 ? [`Failed when last tried: ${named(failed)}.`] : []),
    ...(pending.length > 0 ? [`Pending: ${reasonsOf(pending)}.`] : []),
    ...(lost.length > 0 ? [`Damaged, with no raw data to fix it from: ${named(lost)}.`] : []),
    ...(waiting.length > 0 ? [`Not ready yet: ${named(waiting)}.`] : []),
    ...(gaps > 0 ? [`${countOf(gaps, 'day')} missing between the first and the last.`] : []),
  ];
  const ofDays = headlineOf(days, { pending, failed, lost }, run);
  const lead = leadOf(notices, ignored);
  const leads = lead !== null && (lead.mood === 'bad' || ofDays.mood !== 'bad');
  return { ...(leads ? lead : ofDays), sentences };
}

interface Found {
  readonly pending: readonly DayStatus[];
  readonly failed: readonly DayStatus[];
  readonly lost: readonly DayStatus[];
}

function headlineOf(
  days: readonly DayStatus[],
  { pending, failed, lost }: Found,
  run: ListedRun | null,
): Pick<Verdict, 'mood' | 'headline'> {
  if (days.length === 0) return { mood: 'pending', headline: 'No raw day has arrived yet' };
  if (failed.length > 0) {
    return { mood: 'bad', headline: `${countOf(failed.length, 'day')} could not be processed` };
  }
  if (lost.length > 0) {
    return { mood: 'bad', headline: `${countOf(lost.length, 'day')} damaged for good` };
  }
  if (pending.length === 0) return { mood: 'good', headline: 'The output is up to date' };
  const being = run !== null && !hasEnded(run) ? 'being taken' : 'pending';
  return { mood: 'pending', headline: `${countOf(pending.length, 'day')} ${being}` };
}

/** `2 new, 1 late`. */
function reasonsOf(pending: readonly DayStatus[]): string {
  const reasons = Object.entries(pendingReasons).flatMap(([state, words]) => {
    const days = pending.filter((status) => status.state === state).length;
    return days === 0 ? [] : [`${days} ${words}`];
  });
  return list(reasons);
}

function named(days: readonly DayStatus[]): string {
  return list(
    days.map(({ day }) => day),
    4,
  );
}
