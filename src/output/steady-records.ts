/**
 * The list of commit records, remembered while the stamp of their folder stands: it moves when a record is
 * added or removed. `stamps/steady.ts` says where and when a folder can be relied on for that; elsewhere
 * the folder is listed each time.
 */

import { type Disk, type FileIdentity, sameIdentity } from '../disk/disk.js';
import { type Ground, groundOf, isSteady, usualRestMs } from '../stamps/steady.js';
import type { Ledger, Listing } from './ledger.js';
import type { StateFolder } from './state-folder.js';

export interface SteadyRecords {
  /** As they are now, told by one stamp; null where only a listing can tell. */
  remembered(): Promise<Listing | null>;
  list(): Promise<Listing>;
}

export interface SteadyRecordsOptions {
  readonly disk: Disk;
  readonly folder: StateFolder;
  readonly ledger: Pick<Ledger, 'list'>;
  readonly restMs?: number | undefined;
}

export function createSteadyRecords({
  disk,
  folder: { commits },
  ledger,
  restMs = usualRestMs,
}: SteadyRecordsOptions): SteadyRecords {
  let ground: { readonly of: bigint; readonly is: Ground } | null = null;
  let known: { readonly folder: FileIdentity; readonly listing: Listing } | null = null;

  const groundNow = async (folder: FileIdentity) => {
    if (ground?.of !== folder.dev) {
      ground = { of: folder.dev, is: await groundOf(commits, folder, restMs) };
    }
    return ground.is;
  };

  const isAtRest = async (folder: FileIdentity, seenAtMs: number) => {
    try {
      return isSteady(folder, seenAtMs, await groundNow(folder));
    } catch {
      // It has vanished since; the look itself tells what that means.
      return false;
    }
  };

  return {
    remembered: async () => {
      if (known === null) return null;
      const { folder, listing } = known;
      return sameIdentity(folder, await disk.identity(commits)) ? listing : null;
    },
    list: async () => {
      const seenAtMs = Date.now();
      const folder = await disk.identity(commits).catch(() => null);
      const listing = await ledger.list();
      known = folder && (await isAtRest(folder, seenAtMs)) ? { folder, listing } : null;
      return listing;
    },
  };
}
