/** Unfinished runs of other processes: their changes since the last look. */
import type { FoundRun } from '../core/ports/run-history.js';
import { type FileIdentity, sameIdentity } from '../disk/disk.js';
import { hasEnded, interruptedRun, type RunOwner, type StoredRun } from '../model/run.js';
import { fateOf } from '../process/living-process.js';
import type { RunClaims } from './run-claims.js';
import type { ReadRun, RunReader } from './run-reader.js';

export interface RunWatch {
  /** A record that has not been seen; null where it tells of no run, or not yet. */
  take(runId: string): Promise<FoundRun | null>;
  watched(): readonly string[];
  /** One that is watched; null where it is as it was. */
  lookAgain(runId: string): Promise<FoundRun | null>;
  /** It is no one else's any more, or gone. */
  leave(runId: string): void;
}

export interface RunWatchOptions {
  readonly reader: RunReader;
  readonly claims: Pick<RunClaims, 'newest'>;
  readonly owner: RunOwner;
  readonly silenceMs: number;
}

interface Watched {
  readonly stamp: FileIdentity;
  readonly stored: StoredRun;
  /** When the stamp was first seen, on the monotonic clock. */
  readonly sinceMs: number;
  /** Whether it is visible; a record is not visible before its claim. */
  isTold: boolean;
  isSilent: boolean;
  lookedAtMs: number;
}

/** A record that was at rest for so long when it was first seen is of a process that is gone. */
const longGoneMs = 60 * 60 * 1000;
/** Between looks at those that have been silent: there may be many of them, of hosts that are no more. */
const silentLookMs = 5_000;

export function createRunWatch(options: RunWatchOptions): RunWatch {
  const { reader, claims, owner, silenceMs } = options;
  const watched = new Map<string, Watched>();

  /** What a record tells that was just read, and whether it is to be watched. */
  const judge = async (
    runId: string,
    found: ReadRun,
    isTold: boolean,
  ): Promise<FoundRun | null> => {
    watched.delete(runId);
    if (hasEnded(found.stored.run)) return { ...found.stored, knownBy: 'told' };
    if (fateOf(found.stored.owner, owner) === 'gone') return endOf(runId, found.stored, isTold);
    const now = performance.now();
    const isSilent = isLongGone(found.stamp, found.stored.owner);
    const each = { ...found, sinceMs: now, lookedAtMs: now, isTold, isSilent };
    watched.set(runId, each);
    return tellingOf(each);
  };

  const tellingOf = async (each: Watched): Promise<FoundRun | null> => {
    each.isTold ||= await isClaimed(each.stored);
    if (!each.isTold) return null;
    return each.isSilent ? interrupted(each.stored, 'silent') : { ...each.stored, knownBy: 'told' };
  };

  /** Its process is gone: what its record says now is all that it will say. */
  const endOf = async (
    runId: string,
    stored: StoredRun,
    isTold: boolean,
  ): Promise<FoundRun | null> => {
    watched.delete(runId);
    const last = await reader.read(runId);
    if (last === null) return isTold ? interrupted(stored, 'gone') : null;
    if (hasEnded(last.stored.run)) return { ...last.stored, knownBy: 'told' };
    if (isTold || (await isClaimed(last.stored))) return interrupted(last.stored, 'gone');
    // Its process was killed before the claim: nobody knows about it, and the key is free.
    await reader.remove(runId);
    return null;
  };

  /** A key's run counts from its claim on; before that, another process may be faster. */
  const isClaimed = async ({ run }: StoredRun): Promise<boolean> => {
    if (run.status !== 'queued' || run.key === null) return true;
    const { claim } = await claims.newest(run.key);
    return claim?.runId === run.id;
  };

  const isLongGone = ({ mtimeNs }: FileIdentity, by: RunOwner): boolean =>
    fateOf(by, owner) === 'unknown' && Date.now() - Number(mtimeNs / 1_000_000n) > longGoneMs;

  const lookAt = async (runId: string, each: Watched): Promise<FoundRun | null> => {
    const now = performance.now();
    if (each.isSilent && now - each.lookedAtMs < Math.min(silentLookMs, silenceMs)) return null;
    each.lookedAtMs = now;
    const fate = fateOf(each.stored.owner, owner);
    if (fate === 'gone') return endOf(runId, each.stored, each.isTold);
    if (!sameIdentity(each.stamp, await reader.stampOf(runId))) {
      const found = await reader.read(runId);
      if (found !== null) return judge(runId, found, each.isTold);
    }
    const isQuiet = fate === 'unknown' && now - each.sinceMs >= silenceMs;
    if (each.isTold && (each.isSilent || !isQuiet)) return null;
    each.isSilent ||= isQuiet;
    return tellingOf(each);
  };

  return {
    take: async (runId) => {
      const found = await reader.read(runId);
      return found === null ? null : judge(runId, found, false);
    },
    watched: () => [...watched.keys()],
    lookAgain: async (runId) => {
      const each = watched.get(runId);
      return each === undefined ? null : lookAt(runId, each);
    },
    leave: (runId) => {
      watched.delete(runId);
    },
  };
}

function interrupted(stored: StoredRun, knownBy: 'gone' | 'silent'): FoundRun {
  return { ...stored, run: interruptedRun(stored.run), knownBy };
}
