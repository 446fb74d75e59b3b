/** What there is of a path that need not be there, or not yet. */
import { basename, dirname, join, resolve } from 'node:path';
import { readlink, realpath } from './look-at.js';

export interface Nearest {
  /** What is there, with links resolved. */
  readonly folder: string;
  /** What is to be made in it; empty where all is there. */
  readonly rest: string;
}

/** As many as Linux follows. */
const mostLinks = 40;

/** A link that leads to nothing yet is followed, too. */
export async function nearest(path: string, links = 0): Promise<Nearest> {
  const folder = await realpath(path).catch(() => null);
  const parent = dirname(path);
  if (folder !== null || parent === path) return { folder: folder ?? path, rest: '' };
  const target = await readlink(path).catch(() => null);
  if (target !== null && links < mostLinks) {
    return nearest(resolve(await realpath(parent), target), links + 1);
  }
  const above = await nearest(parent, links);
  return { folder: above.folder, rest: join(above.rest, basename(path)) };
}
