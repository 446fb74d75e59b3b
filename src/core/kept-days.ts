/** The finished days of a run: never their rows, and at most the spool's limit of their bytes in memory. */
import { isDeepStrictEqual } from 'node:util';
import type { Day } from '../model/day.js';
import { sameFingerprint } from '../model/fingerprint.js';
import type { AggregatedDay, MadeDay } from './aggregate-day.js';
import type { ReadyDay } from './day-status.js';
import type { Spool } from './ports/output.js';

export interface KeptDays {
  /** The day's result from an earlier try, if its raw files are unchanged; otherwise null. */
  of(status: ReadyDay): AggregatedDay | null;
  /** Throws ProblemError where the disk takes no more. */
  keep(made: MadeDay): Promise<AggregatedDay>;
  /** For a day that will not be committed: keeps no bytes. */
  toldOnly(made: MadeDay): AggregatedDay;
  readonly end: () => Promise<void>;
}

const nothing = Buffer.alloc(0);

export function createKeptDays(spool: Spool): KeptDays {
  const days = new Map<Day, AggregatedDay>();
  let lastColumns: readonly string[] = [];

  /** Most days have the columns of the day before: thousands of lists, of up to a mebibyte each, are one. */
  const shared = (columns: readonly string[]) => {
    if (!isDeepStrictEqual(columns, lastColumns)) lastColumns = columns;
    return lastColumns;
  };
  const without = (made: MadeDay): Omit<AggregatedDay, 'encoded'> => {
    const { kind, raw, records, warnings } = made;
    return { kind, raw, records, warnings, columns: shared(made.columns) };
  };

  return {
    of: ({ day, raw }) => {
      const earlier = days.get(day);
      const isSame = earlier && sameFingerprint(earlier.raw.fingerprint, raw.fingerprint);
      return isSame ? earlier : null;
    },
    keep: async (made) => {
      const kept = { ...without(made), encoded: await spool.keep(made.encoded) };
      days.set(made.raw.day, kept);
      return kept;
    },
    toldOnly: (made) => ({ ...without(made), encoded: { ...made.encoded, bytes: nothing } }),
    end: () => spool.close(),
  };
}
