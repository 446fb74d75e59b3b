/** Whether a dataset needs attention, according to `GET /v1/datasets`. */
import type { Dataset, DayState } from '../../client/types.js';
import { countOf, list, sentence } from '../../client/words.js';
import { headOf, type Verdict } from './verdict.js';

export function glanceAt({ problem, counts, pending, failed, notices, lastRun }: Dataset): Verdict {
  if (problem !== null) {
    return { mood: 'bad', headline: problem.title, sentences: [problem.detail] };
  }
  const days = counts ?? noDays;
  const tally = {
    days: Object.values(days).reduce((sum, each) => sum + each, 0),
    pending: pending ?? 0,
    outdated: days.outdated ?? 0,
    failed: failed ?? 0,
    lost: (days.damaged ?? 0) - damagedAndPending(days, pending ?? 0),
    ignored: 0,
  };
  const sentences = notices.map(({ message }) => sentence(message));
  return { ...headOf(tally, notices, lastRun), sentences };
}

type Counts = Readonly<Partial<Record<DayState, number>>>;

const noDays: Counts = {};

/** Days in these states are always pending; the other pending ones are damaged. */
const alwaysPending = ['new', 'late', 'changed', 'outdated', 'unverified', 'rewound'] as const;

function damagedAndPending(counts: Counts, pending: number): number {
  return alwaysPending.reduce((rest, state) => rest - (counts[state] ?? 0), pending);
}

/** The headline and sentences about all of them. */
export function glanceAtAll(datasets: readonly Dataset[]): Verdict {
  const moods = datasets.map((each) => ({ name: each.name, mood: glanceAt(each).mood }));
  const amiss = moods.filter(({ mood }) => mood !== 'good');
  const all = countOf(datasets.length, 'dataset');
  if (amiss.length === 0)
    return { mood: 'good', headline: `All ${all} are up to date`, sentences: [] };
  const names = (wanted: string) =>
    amiss.flatMap(({ name, mood }) => (mood === wanted ? [name] : []));
  const [bad, pending] = [names('bad'), names('pending')];
  return {
    mood: bad.length > 0 ? 'bad' : 'pending',
    headline: `${amiss.length} of ${all} ${amiss.length === 1 ? 'needs' : 'need'} a look`,
    sentences: [
      ...(bad.length > 0 ? [`Something is wrong with ${list(bad)}.`] : []),
      ...(pending.length > 0 ? [`Something waits for you in ${list(pending)}.`] : []),
    ],
  };
}
