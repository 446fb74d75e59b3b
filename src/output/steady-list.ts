/**
 * What a folder holds, remembered while the stamp of the folder stands: it moves when an entry is added or
 * removed. `stamps/steady.ts` says where and when a folder can be relied on for that; elsewhere the folder
 * is listed each time.
 */

import { type Disk, type FileIdentity, sameIdentity } from '../disk/disk.js';
import { type Ground, groundOf, isSteady, usualRestMs } from '../stamps/steady.js';

export interface SteadyList<T> {
  /** As it is now, told by one stamp; null where only a listing can tell. */
  remembered(): Promise<T | null>;
  list(): Promise<T>;
}

export interface SteadyListOptions<T> {
  readonly disk: Disk;
  readonly path: string;
  list(): Promise<T>;
  readonly restMs?: number | undefined;
}

export function createSteadyList<T>(options: SteadyListOptions<T>): SteadyList<T> {
  const { disk, path, restMs = usualRestMs } = options;
  let ground: { readonly of: bigint; readonly is: Ground } | null = null;
  let known: { readonly folder: FileIdentity; readonly listing: T } | null = null;

  const groundNow = async (folder: FileIdentity) => {
    if (ground?.of !== folder.dev) {
      ground = { of: folder.dev, is: await groundOf(path, folder, restMs) };
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
      return sameIdentity(folder, await disk.identity(path)) ? listing : null;
    },
    list: async () => {
      const seenAtMs = Date.now();
      const folder = await disk.identity(path).catch(() => null);
      const listing = await options.list();
      known = folder && (await isAtRest(folder, seenAtMs)) ? { folder, listing } : null;
      return listing;
    },
  };
}
