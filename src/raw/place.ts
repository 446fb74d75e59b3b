/** Places below the raw root that a template leads to. */

import { lstat } from '../disk/look-at.js';
import type { DayParts } from '../model/path-segment.js';
import { type StampedPath, stampOf } from '../stamps/stamp.js';
import type { Ground } from '../stamps/steady.js';
import type { Entry } from './entries.js';

export interface Folder {
  /** With links resolved. */
  readonly folder: string;
  /** Its path below the root, by the names on the way; empty for the root itself. */
  readonly name: string;
  /** Which segment of the template its entries are matched with. */
  readonly level: number;
  /** What the names on the way tell of the day. */
  readonly parts: DayParts;
  /** Whether a link led to it, or to a folder above it. */
  readonly linked: boolean;
}

/** Where files of a day lie: all of a folder, or one file of it. */
export interface DaySource {
  readonly folder: Folder;
  readonly file: Entry | null;
}

/** A root, and how far the times of folders in it can be trusted. */
export interface Within {
  readonly root: string;
  readonly ground: Ground;
}

export interface StampedFolder extends StampedPath {
  /** Since 1970. */
  readonly seenAtMs: number;
}

/** As a folder is before it is read. Null where its stamp could tell nothing. */
export async function stampFolder(
  { folder, linked }: Pick<Folder, 'folder' | 'linked'>,
  ground: Ground,
): Promise<StampedFolder | null> {
  if (linked || ground.dev === null) return null;
  const seenAtMs = Date.now();
  return { path: folder, stamp: stampOf(await lstat(folder)), seenAtMs };
}

/** The path of an entry below the root, or below the folder that names begin at. */
export function nameIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
