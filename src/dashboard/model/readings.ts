/** The checkpoint's reading in words. */
import type { Checkpoint, ListedRun, Reading } from '../../client/types.js';

export interface ReadingWords {
  readonly mood: 'good' | 'mended' | 'bad';
  readonly text: string;
}

/** Of a value that is no day, a beginning will do. */
const mostTold = 80;

/** Of a look at the store, by what it held. */
export function readingWords({ repaired, ...checkpoint }: Checkpoint): ReadingWords {
  const { reading, stored, storedType, day } = checkpoint;
  const right = `${repaired ? '' : 'still to be '}put right to ${day === null ? 'empty' : day}`;
  switch (reading) {
    case 'in-sync':
      return day === null
        ? good('Redis holds nothing, and the output holds no day.')
        : good(`Redis holds ${day}, as the output says.`);
    case 'embedded':
      return good('Kept in a file beside the output; no Redis is configured.');
    case 'missing':
      return mended(`Redis held nothing; ${right}.`);
    case 'behind':
    case 'ahead':
      return mended(`Redis was ${reading} at ${stored}; ${right}.`);
    case 'invalid':
      return mended(`Redis held “${stored?.slice(0, mostTold)}”, which is no day; ${right}.`);
    case 'wrong-type':
      return bad(`The key holds a ${storedType ?? 'value of another type'}; it is left alone.`);
    case 'unavailable':
      return bad('Redis does not answer. Nothing is lost: the output is the truth.');
    default:
      return reading satisfies never;
  }
}

const briefly: Readonly<Record<Reading, string | null>> = {
  'in-sync': null,
  embedded: null,
  missing: 'Redis held nothing',
  behind: 'Redis was behind',
  ahead: 'Redis was ahead',
  invalid: 'Redis held no day',
  'wrong-type': 'the key held another type',
  unavailable: 'Redis did not answer',
};

/** Null where nothing was amiss. */
export function readingBriefly(reading: Reading | null): string | null {
  return reading === null ? null : briefly[reading];
}

/** What the page itself has seen; the service tells a reading once, then it is put right. */
export interface Drift {
  readonly text: string;
  readonly at: string;
}

export function isDrift({ reading }: Pick<Checkpoint, 'reading'>): boolean {
  return readingBriefly(reading) !== null;
}

/** The newest time that the checkpoint was found wrong, by the runs and by this page's own looks. */
export function latestDrift(runs: readonly ListedRun[], seen: Drift | null): Drift | null {
  const run = runs.find(({ reading }) => readingBriefly(reading) !== null);
  const text = readingBriefly(run?.reading ?? null);
  const at = run?.startedAt ?? null;
  if (text === null || at === null) return seen;
  if (seen !== null && seen.at > at) return seen;
  return { text: `${text} when a run started`, at };
}

function good(text: string): ReadingWords {
  return { mood: 'good', text };
}
function mended(text: string): ReadingWords {
  return { mood: 'mended', text };
}
function bad(text: string): ReadingWords {
  return { mood: 'bad', text };
}
