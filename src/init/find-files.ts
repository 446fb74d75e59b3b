/** What lies below a folder: CSV files, and files that are none. Bounded, so that a wrong path costs little. */
import { realpath } from 'node:fs/promises';
import { type Entry, lookAtEntry, readEntries } from '../raw/entries.js';
import { followFolder } from '../raw/follow-folder.js';
import { isMarked, isSideFile } from '../raw/side-files.js';

export interface FoundFiles {
  /** Paths below the folder, by their names. */
  readonly csv: readonly (readonly string[])[];
  readonly others: readonly string[];
  /** Whether there was more than is looked at. */
  readonly isCut: boolean;
}

const mostEntries = 50_000;
const deepest = 10;

export const csvEnding = /\.csv(?:\.(?:gz|zst))?$/i;

interface Walk {
  readonly root: string;
  readonly csv: string[][];
  readonly others: string[];
  looks: number;
}

/** Throws a system error where the folder cannot be read. */
export async function findFiles(folder: string): Promise<FoundFiles> {
  const root = await realpath(folder);
  const walk: Walk = { root, csv: [], others: [], looks: 0 };
  await walkThrough(walk, root, []);
  return { csv: walk.csv, others: walk.others, isCut: walk.looks >= mostEntries };
}

async function walkThrough(walk: Walk, folder: string, parts: readonly string[]): Promise<void> {
  for (const entry of await readEntries(folder)) {
    const { name, readable } = entry;
    if (!readable || isMarked(name) || isSideFile(name)) continue;
    if (walk.looks >= mostEntries) return;
    walk.looks += 1;
    await look(walk, folder, entry, [...parts, name]);
  }
}

async function look(walk: Walk, folder: string, entry: Entry, parts: string[]): Promise<void> {
  const stats = await lookAtEntry(folder, entry);
  if (stats === null) return;
  const found = await followFolder(walk.root, folder, entry.name, stats);
  if ('folder' in found) {
    if (parts.length < deepest) await walkThrough(walk, found.folder, parts);
  } else if (found.kind === 'file') {
    if (csvEnding.test(entry.name)) walk.csv.push(parts);
    else walk.others.push(parts.join('/'));
  }
}
