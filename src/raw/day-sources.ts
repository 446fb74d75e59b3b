/** The contents of a place of a day: its files, and its folders as far down as the template goes. */
import type { UnreadEntry } from '../core/ports/raw.js';
import type { Day } from '../model/day.js';
import { readName, type Segment } from '../model/path-segment.js';
import type { PathTemplate } from '../model/path-template.js';
import { isSteady } from '../stamps/steady.js';
import { inBatches } from './batches.js';
import { classifyDayEntry, refuse } from './day-files.js';
import { describeCause, type Entry, isGone, lookAtEntry, readEntries } from './entries.js';
import { followFolder } from './follow-folder.js';
import { type Gathered, joined, nothing } from './gathered.js';
import {
  type DaySource,
  type Folder,
  nameIn,
  type StampedFolder,
  stampFolder,
  type Within,
} from './place.js';
import { isMarked, isSideFile } from './side-files.js';
import { fileWords, whyNotEntered } from './template-words.js';
import { describeUnread } from './unread.js';

/** Null where it vanished. */
export async function gather(
  within: Within,
  template: PathTemplate,
  day: Day,
  { folder, file }: DaySource,
): Promise<Gathered | null> {
  const shown = template.hasDayFolder ? '' : folder.name;
  if (file === null) return readPlace({ within, template, day }, folder, shown);
  const entry = await classifyDayEntry(within.root, folder.folder, shown, file);
  if (entry === null) return null;
  const isTrusted = !folder.linked && within.ground.dev !== null;
  return { ...nothing, found: [entry], folders: isTrusted ? [] : null };
}

interface Looking {
  readonly within: Within;
  readonly template: PathTemplate;
  readonly day: Day;
}

/** `shown` is the path by which files in it are told. */
async function readPlace(looking: Looking, place: Folder, shown: string): Promise<Gathered | null> {
  let stamped: StampedFolder | null = null;
  let entries: Entry[];
  try {
    stamped = await stampFolder(place, looking.within.ground);
    entries = await readEntries(place.folder);
  } catch (error) {
    return isGone(error) ? null : unreadable(looking, place, shown, error);
  }
  return describePlace(looking, place, shown, { entries, stamped });
}

function unreadable({ template, day }: Looking, { level }: Folder, shown: string, error: unknown) {
  const isWhole = level === template.dayLevel + 1;
  const what = isWhole ? "The day's folder" : 'This folder of the day';
  const reason = `${what} cannot be read: ${describeCause(error)}. Fix its permissions.`;
  return { ...nothing, found: [refuse(shown === '' ? day : shown, reason)], unreadable: isWhole };
}

async function describePlace(
  looking: Looking,
  place: Folder,
  shown: string,
  {
    entries,
    stamped,
  }: { readonly entries: readonly Entry[]; readonly stamped: StampedFolder | null },
): Promise<Gathered> {
  const { within, template } = looking;
  const isLast = place.level === template.segments.length - 1;
  const { named, others } = byTemplate(template.segments[place.level] as Segment, entries);
  const files = isLast
    ? await Promise.all(
        named.map((entry) => classifyDayEntry(within.root, place.folder, shown, entry)),
      )
    : [];
  const below = isLast
    ? []
    : await inBatches(named, (entry) => enter(looking, place, shown, entry));
  const isSteadyHere = stamped !== null && isSteady(stamped.stamp, stamped.seenAtMs, within.ground);
  const here: Gathered = {
    ...nothing,
    found: files.filter((entry) => entry !== null),
    unread: await unreadOf(template, place, shown, others),
    isEmpty: entries.length === 0,
    complete:
      template.hasDayFolder &&
      place.level === template.dayLevel + 1 &&
      entries.some(({ name }) => name === '_SUCCESS'),
    folders: isSteadyHere ? [{ path: stamped.path, stamp: stamped.stamp }] : null,
  };
  return joined([here, ...below.filter((each) => each !== null)]);
}

function byTemplate(segment: Segment, entries: readonly Entry[]) {
  const named: Entry[] = [];
  const others: Entry[] = [];
  for (const entry of entries) {
    const { name } = entry;
    const fits = readName(segment, name).length > 0 && !isMarked(name) && !isSideFile(name);
    (fits ? named : others).push(entry);
  }
  return { named, others };
}

async function unreadOf(
  template: PathTemplate,
  place: Folder,
  shown: string,
  others: readonly Entry[],
): Promise<UnreadEntry[]> {
  if (others.length === 0) return [];
  const words = fileWords(template);
  const nested = whyNotEntered(template, place.level);
  const told = await inBatches(others, (entry) =>
    describeUnread(place.folder, entry, words, nested),
  );
  return told.flatMap((each) =>
    each === null ? [] : [{ ...each, name: nameIn(shown, each.name) }],
  );
}

/** A folder of a day, or what is named like one. */
async function enter(
  looking: Looking,
  place: Folder,
  shown: string,
  entry: Entry,
): Promise<Gathered | null> {
  const name = nameIn(shown, entry.name);
  const refused = (reason: string) => ({ ...nothing, found: [refuse(name, reason)] });
  if (!entry.readable) return refused('Its name is not valid UTF-8; rename it.');
  try {
    const stats = await lookAtEntry(place.folder, entry);
    if (stats === null) return null;
    const found = await followFolder(looking.within.root, place.folder, entry.name, stats);
    if (!('folder' in found)) {
      if (found.reason !== null) return refused(`${found.reason} Fix or remove it.`);
      const { one } = fileWords(looking.template);
      const reason = `It is named like a folder of the day, but is not a folder; a day is read from ${one}.`;
      return { ...nothing, unread: [{ name, reason }], folders: [] };
    }
    const { folder, linked } = found;
    const below = { ...place, folder, linked: place.linked || linked, level: place.level + 1 };
    return readPlace(looking, { ...below, name: nameIn(place.name, entry.name) }, name);
  } catch (error) {
    return refused(`It cannot be accessed: ${describeCause(error)}. Fix its permissions.`);
  }
}
