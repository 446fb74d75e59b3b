/** The headline of the page: whether the output matches the raw days and, if not, why. */
import type { DayState, DayStatus, ListedRun, Notice } from '../../client/types.js';
import { capitalised, countOf, list, sentence } from '../../client/words.js';
import { hasEnded } from '../../model/run.js';
import { holdsNoDays, leadOf } from './notices.js';

export interface Head {
  readonly mood: 'good' | 'pending' | 'bad';
  readonly headline: string;
}

export interface Verdict extends Head {
  readonly sentences: readonly string[];
}

const pendingReasons: Readonly<Partial<Record<DayState, string>>> = {
  new: 'new',
  late: 'late',
  changed: 'with changed raw files',
  outdated: 'made under another definition',
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
  const tally = {
    days: days.length,
    pending: pending.length,
    outdated: days.filter(({ state }) => state === 'outdated').length,
    failed: failed.length,
    lost: lost.length,
    ignored,
  };
  return { ...headOf(tally, notices, run), sentences };
}

/** How many days there are, and how many have which problem. */
export interface Tally {
  readonly days: number;
  readonly pending: number;
  readonly outdated: number;
  readonly failed: number;
  /** Damaged, without raw data to rebuild them. */
  readonly lost: number;
  /** Entries of the raw root that are not days, as far as they were counted. */
  readonly ignored: number;
}

/** The most serious finding, plus what a reader would miss while the details are collapsed. */
export function headOf(
  tally: Tally,
  notices: readonly Pick<Notice, 'code'>[],
  run: Pick<ListedRun, 'status'> | null,
): Head {
  const ofDays = headOfDays(tally, run !== null && !hasEnded(run));
  const lead = leadOf(notices, tally.ignored);
  const leads = lead !== null && (lead.mood === 'bad' || ofDays.mood !== 'bad');
  const { mood, headline }: Head = leads ? lead : ofDays;
  const strangers = 'entries of the raw root are not days of this dataset';
  const told = [
    ...(tally.outdated > 0 ? ['the definition has changed'] : []),
    ...(holdsNoDays(notices) ? [strangers] : []),
  ];
  return mood === 'good' && told.length > 0
    ? { mood: 'pending', headline: `${capitalised(told.join('; '))}; the rest is up to date` }
    : { mood, headline: [headline, ...told].join('; ') };
}

function headOfDays({ days, pending, failed, lost }: Tally, isActive: boolean): Head {
  if (days === 0) return { mood: 'pending', headline: 'No raw day has arrived yet' };
  if (failed > 0)
    return { mood: 'bad', headline: `${countOf(failed, 'day')} could not be processed` };
  if (lost > 0) return { mood: 'bad', headline: `${countOf(lost, 'day')} damaged for good` };
  if (pending === 0) return { mood: 'good', headline: 'The output is up to date' };
  const being = isActive ? 'being processed' : 'pending';
  return { mood: 'pending', headline: `${countOf(pending, 'day')} ${being}` };
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
