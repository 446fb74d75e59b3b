/**
 * Whether the output and its head are what they were, told at once from two stamps: the output's, and that
 * of the folder of the records, which moves when a record is added. `stamps/steady.ts` says where and when
 * a folder can be relied on for that; elsewhere the records have to be listed.
 */
import { type Ground, groundOf, isSteady, usualRestMs } from '../stamps/steady.js';
import { type Disk, type FileIdentity, sameIdentity } from './disk.js';
import type { LocatedState } from './locate.js';
import type { StateFolder } from './state-folder.js';

export interface SteadyHead {
  /** True only where it is certain. */
  holds(state: Pick<LocatedState, 'version' | 'identity'>): boolean;
  /** The head's version as `list` finds it; remembered where the folder is at rest. */
  listed(list: () => Promise<number>): Promise<number>;
}

export interface SteadyHeadOptions {
  readonly disk: Disk;
  readonly folder: StateFolder;
  readonly restMs?: number | undefined;
}

export function createSteadyHead({
  disk,
  folder,
  restMs = usualRestMs,
}: SteadyHeadOptions): SteadyHead {
  let ground: { readonly of: bigint; readonly is: Ground } | null = null;
  let known: { readonly records: FileIdentity; readonly version: number } | null = null;

  const groundNow = async (records: FileIdentity) => {
    if (ground?.of !== records.dev) {
      ground = { of: records.dev, is: await groundOf(folder.commits, records, restMs) };
    }
    return ground.is;
  };

  const isAtRest = async (records: FileIdentity, seenAtMs: number) => {
    try {
      return isSteady(records, seenAtMs, await groundNow(records));
    } catch {
      // The folder has vanished since; the look itself tells what that means.
      return false;
    }
  };

  return {
    holds: ({ version, identity }) =>
      version === known?.version &&
      isSame(known.records, glance(disk, folder.commits)) &&
      isSame(identity, glance(disk, folder.output)),
    listed: async (list) => {
      const seenAtMs = Date.now();
      const records = glance(disk, folder.commits);
      const version = await list();
      known = null;
      if (records && (await isAtRest(records, seenAtMs))) known = { records, version };
      return version;
    },
  };
}

/** Undefined where it cannot be told. */
function glance(disk: Disk, path: string): FileIdentity | null | undefined {
  try {
    return disk.glance(path);
  } catch {
    return undefined;
  }
}

function isSame(a: FileIdentity | null, b: FileIdentity | null | undefined): boolean {
  return b !== undefined && sameIdentity(a, b);
}
