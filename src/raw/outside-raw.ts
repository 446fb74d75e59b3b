/**
 * Whether a folder that Daymark writes to is inside the raw root, through any links and mounts. Called at start,
 * before anything is created, so neither need exist.
 */
import { dirname, join } from 'node:path';
import { isWithin } from '../disk/is-within.js';
import { lstat, readNames } from '../disk/look-at.js';
import { type Mount, readMounts } from '../disk/mount-table.js';
import { type DevicePlace, placeOf, placesBelow } from '../disk/mounts.js';
import { type Nearest, nearest } from '../disk/nearest.js';

/** Answers whether a folder (an absolute path) is the raw root, or lies in it at any depth. */
export type IsInRaw = (folder: string) => Promise<boolean>;

/** Where a folder lies, however it is called; or where it will, once it is made. */
export interface Located {
  readonly path: string;
  /** Of what is there of it, and of all above. */
  readonly inodes: ReadonlySet<string>;
  readonly place: DevicePlace | null;
}

export type Holds = (found: Located) => boolean;

export async function watchOver(rawDir: string): Promise<IsInRaw> {
  const holds = await whatHolds(rawDir);
  return async (folder) => holds(await locate(folder));
}

/** Answers whether what was located is `folder`, or lies in it. */
export async function whatHolds(folder: string): Promise<Holds> {
  const outer = await nearest(folder);
  const mounts = readMounts();
  const places = mounts === null ? [] : await placesOfRaw(mounts, outer);
  const inodes = await inodesOfRaw(outer, mounts === null);
  return ({ path, inodes: above, place }) =>
    isWithin(pathOf(outer), path) ||
    [...inodes].some((inode) => above.has(inode)) ||
    (place !== null && places.some((each) => isInPlace(each, place)));
}

export async function locate(folder: string): Promise<Located> {
  const found = await nearest(folder);
  const mounts = readMounts();
  const place = mounts === null ? null : await placeIn(mounts, found);
  return { path: pathOf(found), inodes: await inodesAbove(found.folder), place };
}

function pathOf({ folder, rest }: Nearest): string {
  return join(folder, rest);
}

// ---------------------------------------------------------------- by their places on a device

async function placesOfRaw(mounts: readonly Mount[], raw: Nearest): Promise<DevicePlace[]> {
  const own = await placeIn(mounts, raw);
  const below = placesBelow(mounts, pathOf(raw));
  return own === null ? below : [own, ...below];
}

async function placeIn(
  mounts: readonly Mount[],
  { folder, rest }: Nearest,
): Promise<DevicePlace | null> {
  const place = await placeOf(mounts, folder);
  return place && { device: place.device, path: join(place.path, rest) };
}

function isInPlace(outer: DevicePlace, inner: DevicePlace): boolean {
  return outer.device === inner.device && isWithin(outer.path, inner.path);
}

// ---------------------------------------------------------------- by inodes, as far as these tell

/** Of the root; and of the folders in it, where the system does not tell of mounts. */
async function inodesOfRaw({ folder, rest }: Nearest, withDays: boolean): Promise<Set<string>> {
  if (rest !== '') return new Set();
  const names = withDays ? await readNames(folder).catch(() => []) : [];
  const inodes = new Set<string>();
  for (const path of [folder, ...names.map((name) => join(folder, name))]) {
    const inode = await inodeOf(path);
    if (inode !== null) inodes.add(inode);
  }
  return inodes;
}

/** Of the folder, and of each above it. */
async function inodesAbove(folder: string): Promise<Set<string>> {
  const inodes = new Set<string>();
  for (let path = folder; ; path = dirname(path)) {
    const inode = await inodeOf(path);
    if (inode !== null) inodes.add(inode);
    if (path === dirname(path)) return inodes;
  }
}

/** Of a path with links resolved. Null where it is no folder, or cannot be looked at. */
async function inodeOf(path: string): Promise<string | null> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}` : null;
}
