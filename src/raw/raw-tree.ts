/** The raw root, and the folders below it that lead to days. */
import { isDeepStrictEqual } from 'node:util';
import { lstat, realpath } from '../disk/look-at.js';
import type { Day } from '../model/day.js';
import { namesWith, readName } from '../model/path-segment.js';
import { type PathTemplate, partsOf } from '../model/path-template.js';
import { ProblemError } from '../model/problems.js';
import { type StampedPath, stampOf } from '../stamps/stamp.js';
import { type Ground, groundOf, isSteady, noGround } from '../stamps/steady.js';
import { inBatches } from './batches.js';
import { describeCause, type Entry, isGone, readEntries } from './entries.js';
import { type DaySource, type Folder, type StampedFolder, stampFolder } from './place.js';
import { classifyTreeEntry, type TreeEntry } from './tree-entries.js';

export interface RawTree {
  /** With links resolved. */
  readonly root: string;
  readonly device: string;
  readonly ground: Ground;
  /** By their names, the root's being empty, and in the order of these. */
  readonly folders: ReadonlyMap<string, FolderLook>;
}

/** A folder as it was found. */
export interface FolderLook {
  readonly at: Folder;
  readonly entries: readonly TreeEntry[];
  /** While these stamps are unchanged, so are the entries. Null if only another look can tell. */
  readonly steady: readonly StampedPath[] | null;
}

export interface TreePlace {
  readonly template: PathTemplate;
  readonly restMs: number;
}

/** The parts known to be unchanged. */
export interface KnownTree {
  readonly tree: RawTree;
  /** Of the folders of the tree, by name. */
  readonly folders: ReadonlySet<string>;
  isKnown(day: Day): boolean;
}

/** Looks at everything but what is known. Throws ProblemError `raw-unavailable`. */
export async function lookAtTree(
  { template, restMs }: TreePlace,
  known: KnownTree | null,
): Promise<RawTree> {
  const { root: rawDir } = template;
  const { root, stamp, ground } = await orUnavailable(rawDir, async () => {
    const root = await realpath(rawDir);
    const stamp = stampOf(await lstat(root));
    return { root, stamp, ground: await groundOf(root, stamp, restMs) };
  });
  const found = await walk(rootFolder(root), (at) => {
    const before = known?.tree.folders.get(at.name);
    // One of another root, or one that is reached over a link now, has other paths.
    const isThere = before !== undefined && isDeepStrictEqual(before.at, at);
    if (isThere && known?.folders.has(at.name)) return Promise.resolve(before);
    const kept = isThere && known !== null ? keptEntries(before, known) : [];
    const stamped = at.name === '' ? { path: root, stamp, seenAtMs: Date.now() } : null;
    return readFolder({ root, ground, template }, at, { kept, stamped });
  });
  const folders = new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { root, device: String(stamp.dev), ground, folders };
}

/** Where the files of one day lie now. Throws ProblemError `raw-unavailable`. */
export async function lookForDay(
  template: PathTemplate,
  day: Day,
): Promise<{ readonly root: string; readonly sources: readonly DaySource[] }> {
  const root = await orUnavailable(template.root, () => realpath(template.root));
  const place = { root, ground: noGround, template };
  const folders = await walk(rootFolder(root), (at) => readFolder(place, at, { only: day }));
  return { root, sources: sourcesIn(folders).get(day) ?? [] };
}

/** The places of each day, in the order of their names; of all days where none are named. */
export function sourcesIn(
  folders: RawTree['folders'],
  days: ReadonlySet<Day> | null = null,
): Map<Day, readonly DaySource[]> {
  const all = new Map<Day, DaySource[]>();
  for (const { entries } of folders.values()) {
    for (const entry of entries) {
      if (entry.kind !== 'day' || days?.has(entry.day) === false) continue;
      const known = all.get(entry.day);
      if (known === undefined) all.set(entry.day, [entry.source]);
      else known.push(entry.source);
    }
  }
  for (const sources of all.values()) sources.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return all;
}

function nameOf({ folder, file }: DaySource): string {
  return `${folder.name}/${file?.name ?? ''}`;
}

/** Of what came or went between two looks, or was looked at again. */
export function changedDays(before: RawTree['folders'], after: RawTree['folders']): Set<Day> {
  const days = new Set<Day>();
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name)?.entries ?? [], after.get(name)?.entries ?? []];
    if (old === now) continue;
    for (const entry of [...without(now, old), ...without(old, now)]) {
      if (entry.kind === 'day') days.add(entry.day);
    }
  }
  return days;
}

/** Those of `all` that are not among the others, as objects. Both in the order of their names. */
function without(all: FolderLook['entries'], others: FolderLook['entries']): TreeEntry[] {
  let passed = 0;
  return all.filter((entry) => {
    while ((others[passed]?.name ?? entry.name) < entry.name) passed += 1;
    return others[passed] !== entry;
  });
}

function rootFolder(root: string): Folder {
  return { folder: root, name: '', level: 0, parts: {}, linked: false };
}

async function walk(
  at: Folder,
  look: (at: Folder) => Promise<FolderLook | null>,
  found = new Map<string, FolderLook>(),
): Promise<Map<string, FolderLook>> {
  const here = await look(at);
  if (here === null) return found;
  found.set(at.name, here);
  const below = here.entries.filter((entry) => entry.kind === 'folder');
  await inBatches(below, ({ folder }) => walk(folder, look, found));
  return found;
}

interface ReadingPlace {
  readonly root: string;
  readonly ground: Ground;
  readonly template: PathTemplate;
}

interface ReadingKnown {
  /** Entries that need not be looked at, where they are still there; in the order of their names. */
  readonly kept?: readonly TreeEntry[];
  readonly stamped?: StampedFolder | null;
  /** The only day that matters. */
  readonly only?: Day;
}

/** Null where it vanished. */
async function readFolder(
  { root, ground, template }: ReadingPlace,
  at: Folder,
  { kept = [], stamped = null, only }: ReadingKnown,
): Promise<FolderLook | null> {
  const isRoot = at.name === '';
  try {
    const before = stamped ?? (only === undefined ? await stampFolder(at, ground) : null);
    const all =
      only === undefined ? await readEntries(at.folder) : await entriesOf(template, at, only);
    const known = keptOf(all, kept);
    const others = all.filter((_, index) => known[index] === undefined);
    const found = await inBatches(others, (entry) => classifyTreeEntry(root, template, at, entry));
    const next = found.values();
    const entries = known
      .map((entry) => entry ?? next.next().value ?? null)
      .filter((entry) => entry !== null);
    return { at, entries, steady: steadyPaths(before, { root, ground, template }, entries) };
  } catch (error) {
    if (isGone(error) && !isRoot) return null;
    throw unavailable(isRoot ? template.root : at.folder, error, isRoot);
  }
}

/** The names in a folder that can lead to the day; without listing it if there are only a few. */
async function entriesOf(template: PathTemplate, at: Folder, day: Day): Promise<Entry[]> {
  const segment = template.segments[at.level];
  if (segment === undefined) return [];
  const parts = partsOf(template.layout, day);
  const names = namesWith(segment, parts);
  if (names !== null) return [...new Set(names)].map((name) => ({ name, readable: true }));
  const tells = Object.entries(parts);
  return (await readEntries(at.folder)).filter(({ name }) =>
    readName(segment, name).some((told) =>
      tells.every(([part, text]) => (told[part as keyof typeof told] ?? text) === text),
    ),
  );
}

function keptEntries(before: FolderLook, { folders, isKnown }: KnownTree): TreeEntry[] {
  return before.entries.filter((entry) => {
    if (entry.kind === 'folder') return folders.has(entry.folder.name);
    return entry.kind === 'day' && isKnown(entry.day);
  });
}

/** What is kept of each entry. All in the order of their names. */
function keptOf(all: readonly Entry[], kept: readonly TreeEntry[]): (TreeEntry | undefined)[] {
  let passed = 0;
  return all.map(({ name, readable }) => {
    while ((kept[passed]?.name ?? name) < name) passed += 1;
    return readable && kept[passed]?.name === name ? kept[passed] : undefined;
  });
}

/** The target of a link can change without a change in the folder. */
function steadyPaths(
  stamped: StampedFolder | null,
  { root, ground, template }: ReadingPlace,
  entries: readonly TreeEntry[],
): StampedPath[] | null {
  if (stamped === null || !isSteady(stamped.stamp, stamped.seenAtMs, ground)) return null;
  if (entries.some(({ linked }) => linked)) return null;
  const { path, stamp } = stamped;
  const { root: rawDir } = template;
  // Links on the way to the root may change: then it is looked at by the name that leads over them, too.
  const paths = path !== root || root === rawDir ? [path] : [root, `${rawDir}/.`];
  return paths.map((each) => ({ path: each, stamp }));
}

async function orUnavailable<T>(rawDir: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw unavailable(rawDir, error, true);
  }
}

/** An unreadable folder may hold days, so without it the days are unknown. */
function unavailable(folder: string, cause: unknown, isRoot: boolean): ProblemError {
  const what = isRoot ? 'The raw root' : 'A folder of the raw root,';
  const detail = `${what} ${folder}${isRoot ? '' : ','} cannot be read: ${describeCause(cause)}.`;
  return new ProblemError('raw-unavailable', detail, { cause });
}
