/**
 * Whether a folder that Daymark writes to is inside the raw root, through any links and mounts. Called at start,
 * before anything is created, so neither need exist.
 */
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from '../disk/is-within.js';
import { type DevicePlace, type Mount, placeOf, placesBelow, readMounts } from '../disk/mounts.js';
import { type Nearest, nearest } from '../disk/nearest.js';

/** Answers whether a folder (an absolute path) is the raw root, or lies in it at any depth. */
export type IsInRaw = (folder: string) => Promise<boolean>;

export async function watchOver(rawDir: string): Promise<IsInRaw> {
  const raw = await nearest(rawDir);
  const mounts = await readMounts();
  const places = mounts === null ? [] : await placesOfRaw(mounts, raw);
  const inodes = await inodesOfRaw(raw, mounts === null);
  return async (folder) => {
    const found = await nearest(folder);
    if (isWithin(pathOf(raw), pathOf(found))) return true;
    if (await isBelowAny(inodes, found.folder)) return true;
    const place = mounts === null ? null : await placeIn(mounts, found);
    return place !== null && places.some((each) => holds(each, place));
  };
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

function holds(outer: DevicePlace, inner: DevicePlace): boolean {
  return outer.device === inner.device && isWithin(outer.path, inner.path);
}

// ---------------------------------------------------------------- by inodes, as far as these tell

/** Of the root; and of the folders in it, where the system does not tell of mounts. */
async function inodesOfRaw({ folder, rest }: Nearest, withDays: boolean): Promise<Set<string>> {
  if (rest !== '') return new Set();
  const names = withDays ? await readdir(folder).catch(() => []) : [];
  const inodes = new Set<string>();
  for (const path of [folder, ...names.map((name) => join(folder, name))]) {
    const inode = await inodeOf(path);
    if (inode !== null) inodes.add(inode);
  }
  return inodes;
}

/** Whether the folder, or one above it, is one of these. */
async function isBelowAny(inodes: ReadonlySet<string>, folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    const inode = await inodeOf(path);
    if (inode !== null && inodes.has(inode)) return true;
    if (path === dirname(path)) return false;
  }
}

/** Of a path with links resolved. Null where it is no folder, or cannot be looked at. */
async function inodeOf(path: string): Promise<string | null> {
  const stats = await lstat(path, { bigint: true }).catch(() => null);
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}` : null;
}
