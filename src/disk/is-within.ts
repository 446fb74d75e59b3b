import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `folder`, or lies in it, as their names say. Both absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
