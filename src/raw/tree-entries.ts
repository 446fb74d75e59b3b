import type { BigIntStats } from 'node:fs';
import type { IgnoredEntry } from '../core/ports/raw.js';
import type { Day } from '../model/day.js';
import { type PathTemplate, type Reading, readAt } from '../model/path-template.js';
import { type Entry, lookAtEntry } from './entries.js';
import { followFolder, kindOf } from './follow-folder.js';
import { likelyDay } from './likely-day.js';
import { type DaySource, type Folder, nameIn } from './place.js';
import { isMarked, isSideFile } from './side-files.js';
import { whyNoDay } from './template-words.js';

export type TreeEntry = {
  /** In its folder. */
  readonly name: string;
  /** Whether it is what it is because of what lies behind a link. */
  readonly linked: boolean;
} & (
  | {
      /** Further below are days. */
      readonly kind: 'folder';
      readonly folder: Folder;
    }
  | { readonly kind: 'day'; readonly day: Day; readonly source: DaySource }
  | { readonly kind: 'ignored'; readonly entry: IgnoredEntry }
);

/**
 * Classifies an entry of a folder above the days: a day, a folder on the way to one (links resolved), or something
 * else and why. Null if it vanished. Throws if the folder's entries cannot be accessed.
 */
export async function classifyTreeEntry(
  root: string,
  template: PathTemplate,
  at: Folder,
  entry: Entry,
): Promise<TreeEntry | null> {
  const { name, readable } = entry;
  if (isMarked(name)) {
    const reason = 'Its name begins with . or _, which marks it as not data.';
    return ignored(at, name, 'marked', reason);
  }
  if (isSideFile(name))
    return ignored(at, name, 'marked', 'Its name is that of a side file, which is not data.');
  const reading = readable ? readAt(template, at.level, at.parts, name) : none;
  const isFile = at.level === template.segments.length - 1;
  // Files are looked at with their day.
  if (isFile && reading.kind === 'day') {
    const source = { folder: at, file: entry };
    return { kind: 'day', name, day: reading.day, source, linked: false };
  }
  const stats = await lookAtEntry(at.folder, entry);
  if (stats === null) return null;
  if (reading.kind === 'none' || reading.kind === 'several') {
    const likely = reading.kind === 'none' ? likelyDay(template, at, name) : null;
    const reason = whyNoDay(template, at.level, name, reading);
    return ignored(at, name, kindOf(stats), reason, { likely });
  }
  return enter(root, at, { name, stats, reading });
}

const none: Reading = { kind: 'none' };

async function enter(
  root: string,
  at: Folder,
  entry: {
    readonly name: string;
    readonly stats: BigIntStats;
    readonly reading: Reading & { kind: 'day' | 'part' };
  },
): Promise<TreeEntry> {
  const { name, stats, reading } = entry;
  const found = await followFolder(root, at.folder, name, stats);
  if (!('folder' in found)) {
    const reason = found.reason ?? 'It is named like a day, but is not a folder.';
    return ignored(at, name, found.kind, reason, { linked: found.linked });
  }
  const linked = at.linked || found.linked;
  const parts = reading.kind === 'part' ? reading.parts : {};
  const path = nameIn(at.name, name);
  const folder = { folder: found.folder, name: path, level: at.level + 1, parts, linked };
  return reading.kind === 'day'
    ? { kind: 'day', name, day: reading.day, source: { folder, file: null }, linked }
    : { kind: 'folder', name, folder, linked };
}

function ignored(
  at: Folder,
  name: string,
  kind: IgnoredEntry['kind'],
  reason: string,
  { likely = null, linked = false }: { likely?: Day | null; linked?: boolean } = {},
): TreeEntry {
  const entry = { name: nameIn(at.name, name), reason, kind, likelyDay: likely };
  return { kind: 'ignored', name, entry, linked };
}
