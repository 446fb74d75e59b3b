import { join, relative } from 'node:path';
import { realpath } from '../disk/look-at.js';
import { readMounts } from '../disk/mount-table.js';
import type { StateFolder } from './state-folder.js';

/**
 * Which mount lies between the places that a version moves between, and what to do; null where there is none, or
 * the system does not tell. Touches nothing.
 */
export async function mountedApart(folder: StateFolder): Promise<string | null> {
  const { output, outputFolder, shared, root, staged, backup } = folder;
  const points = new Set(readMounts()?.map(({ point }) => point));
  const real = await realpath(outputFolder).catch(() => outputFolder);
  const isPoint = (path: string) => points.has(join(real, relative(outputFolder, path)));
  if (isPoint(output)) {
    return `${output} (DAYMARK_OUTPUT_FILE) is a mount of its own, over which no commit can put a new version (EBUSY); mount its folder, ${outputFolder}, instead of the file.`;
  }
  const point = [shared, root, staged, backup].find(isPoint);
  if (point === undefined) return null;
  return `${point} is a mount of its own (a bind mount or a volume), and between it and ${outputFolder} no name can be moved (EXDEV), as every commit does; mount ${outputFolder} as a whole, with DAYMARK_OUTPUT_FILE and ${shared} in it, and not ${point}.`;
}
