/**
 * Where folders lie on their devices, whichever mounts lead to them: a bind mount shows one folder under two
 * paths, and no link tells of it. Linux alone says so, in /proc (see proc(5)).
 */
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isWithin } from './is-within.js';
import type { Mount } from './mount-table.js';
import { waitFor } from './waits.js';

export interface DevicePlace {
  readonly device: string;
  readonly path: string;
}

/** Of a folder with links resolved; null where no mount shows it. */
export async function placeOf(
  mounts: readonly Mount[],
  folder: string,
): Promise<DevicePlace | null> {
  const id = await waitFor(folder, () => mountIdOf(folder));
  const mount = mounts.find((each) => each.id === id) ?? mountAt(mounts, folder);
  if (mount === undefined || !isWithin(mount.point, folder)) return null;
  return { device: mount.device, path: join(mount.root, relative(mount.point, folder)) };
}

/** What is mounted below a folder, as places. */
export function placesBelow(mounts: readonly Mount[], folder: string): DevicePlace[] {
  return mounts
    .filter(({ point }) => point !== folder && isWithin(folder, point))
    .map(({ device, root }) => ({ device, path: root }));
}

/** Exact even where one mount hides another; null where the folder may not be opened. */
async function mountIdOf(folder: string): Promise<string | null> {
  try {
    const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      const info = await readFile(`/proc/self/fdinfo/${handle.fd}`, 'utf8');
      return /^mnt_id:\s*([0-9]+)$/m.exec(info)?.[1] ?? null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

/** The innermost; of several at one point the last, which hides the others. */
function mountAt(mounts: readonly Mount[], folder: string): Mount | undefined {
  const around = mounts.filter(({ point }) => isWithin(point, folder));
  const longest = around.reduce((most, { point }) => Math.max(most, point.length), 0);
  return around.findLast(({ point }) => point.length === longest);
}
