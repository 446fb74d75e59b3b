/** The checkpoint's reading in words. */
import type { Checkpoint, ListedRun, Reading } from '../../client/types.js';

export interface ReadingWords {
  readonly mood: 'good' | 'mended' | 'bad';
  readonly text: string;
}

/** If the value is not a day, its beginning is enough. */
const mostTold = 80;

/** Describes a look at the store, by its reading. */
export function readingWords({ repaired, ...checkpoint }: Checkpoint): ReadingWords {
  const { reading, stored, storedType, day } = checkpoint;
  const right = `${repaired ? '' : 'still to be '}corrected to ${day === null ? 'empty' : day}`;
  switch (reading) {
    case 'in-sync':
      return day === null
        ? good('Redis holds nothing, and the output holds no day.')
        : good(`Redis holds ${day}, as the output says.`);
    case 'embedded':
      return good('Kept in a file next to the output; Redis is not configured.');
    case 'missing':
      return mended(`Redis held nothing; ${right}.`);
    case 'behind':
    case 'ahead':
      return mended(`Redis was ${reading} at ${stored}; ${right}.`);
    case 'invalid':
      return mended(`Redis held “${stored?.slice(0, mostTold)}”, which is not a day; ${right}.`);
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
  invalid: 'Redis held something other than a day',
  'wrong-type': 'the key held another type',
  unavailable: 'Redis did not answer',
};

/** Null if nothing was wrong. */
export function readingBriefly(reading: Reading | null): string | null {
  return reading === null ? null : briefly[reading];
}

/** What the page itself has seen; the service reports a reading once, and then corrects it. */
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
