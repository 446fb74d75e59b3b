/**
 * Which run an idempotency key stands for: `runs/keys/{SHA-256 of the key}/{attempt}.json`, created once, by
 * whichever process is first. The run's record is there before the claim, so that who finds one finds both.
 */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { NewestClaim } from '../core/ports/run-history.js';
import { type Disk, errorCode, unlessAbsent } from '../disk/disk.js';
import { temporaryName } from '../disk/temporaries.js';
import { readWhole, writeNew } from '../disk/whole-files.js';
import type { KeyClaim } from '../model/run.js';
import { inMade } from './place.js';
import { decodeClaim, encodeClaim } from './run-record.js';
import type { StateFolder } from './state-folder.js';

export interface RunClaims {
  /** Whether the attempt is this run's; false where it or a later one is taken. */
  claim(claim: KeyClaim, lasting: boolean): Promise<boolean>;
  newest(key: string): Promise<NewestClaim>;
  /** Takes the run's claims of the key back. */
  drop(key: string, runId: string): Promise<void>;
}

export function createRunClaims(disk: Disk, { keys }: Pick<StateFolder, 'keys'>): RunClaims {
  const folderOf = (key: string) => join(keys, createHash('sha256').update(key).digest('hex'));
  const pathOf = (key: string, attempt: number) => join(folderOf(key), `${attempt}.json`);

  /** Ascending. */
  const attemptsOf = async (key: string) =>
    (await disk.list(folderOf(key)))
      .map((name) => Number(/^([1-9][0-9]{0,14})\.json$/.exec(name)?.[1]))
      .filter((attempt) => attempt > 0)
      .sort((a, b) => a - b);

  /** Null where it is not whole, or of a later format: it stands for no run, but takes its attempt. */
  const read = async (key: string, attempt: number): Promise<KeyClaim | null> => {
    const bytes = await unlessAbsent(() => readWhole(disk, pathOf(key, attempt)), null);
    const claim = bytes === null ? null : decodeClaim(bytes);
    return claim?.key === key && claim.attempt === attempt ? claim : null;
  };

  /** Whether it was this claim that took the name. */
  const create = async (claim: KeyClaim, lasting: boolean): Promise<boolean> => {
    const path = pathOf(claim.key, claim.attempt);
    const temporary = temporaryName(join(keys, 'claim'));
    await inFolder(keys, () => writeNew(disk, temporary, encodeClaim(claim), lasting));
    try {
      await inFolder(dirname(path), () => disk.link(temporary, path));
    } catch (error) {
      // Over a network the answer can be lost: an error may mean that the link was made. A name that was taken
      // can be gone by now: a later attempt was made, and pruned it.
      const isTaken = errorCode(error) === 'EEXIST' || (await disk.identity(path)) !== null;
      if (!isTaken) throw error;
      if ((await read(claim.key, claim.attempt))?.runId !== claim.runId) return false;
    } finally {
      await disk.remove(temporary).catch(() => {});
    }
    for (const folder of lasting ? [dirname(path), keys] : []) await disk.syncFolder(folder);
    return true;
  };

  const inFolder = (folder: string, action: () => Promise<void>) =>
    inMade(() => disk.makeFolder(folder), action);

  return {
    claim: async (claim, lasting) => {
      const { key, attempt } = claim;
      if (((await attemptsOf(key)).at(-1) ?? 0) >= attempt) return false;
      if (!(await create(claim, lasting))) return false;
      // Who slept before its link finds later attempts now, for which the one that it took was pruned.
      const attempts = await attemptsOf(key);
      const isLast = attempts.at(-1) === attempt;
      for (const past of isLast ? attempts.slice(0, -1) : [attempt]) {
        await disk.remove(pathOf(key, past));
      }
      return isLast;
    },
    newest: async (key) => {
      const attempt = (await attemptsOf(key)).at(-1) ?? 0;
      return { attempt, claim: attempt === 0 ? null : await read(key, attempt) };
    },
    drop: async (key, runId) => {
      for (const attempt of await attemptsOf(key)) {
        if ((await read(key, attempt))?.runId === runId) await disk.remove(pathOf(key, attempt));
      }
      await disk.removeFolder(folderOf(key));
    },
  };
}
