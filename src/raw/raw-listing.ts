/**
 * Listing every day, from what was known of it before. What is steady and unchanged by its stamps is taken
 * as it was; the rest is looked at. Where everything turns out to be as it was, so is the listing: the very
 * same object, by which others can tell that there is nothing to think over again.
 */
import { isDeepStrictEqual } from 'node:util';
import type { RawDay, RawListing } from '../core/ports/raw.js';
import { type Day, mergeDays } from '../model/day.js';
import type { GroupsChange, WatchedGroup } from '../stamps/groups.js';
import { inBatches } from './batches.js';
import type { DayFolder } from './day-folders.js';
import { type DayReading, lookAtDay, type RawLook, sawTheSame } from './raw-day.js';
import { lookAtRoot, type RootLook, type RootPlace } from './raw-root.js';

export interface Known {
  readonly root: RootLook;
  /** In day order. */
  readonly looks: ReadonlyMap<Day, RawLook>;
  readonly listing: RawListing;
}

export interface ListingPlace extends RootPlace, DayReading {}

/** The key under which the root itself is watched; no day is named so. */
const rootKey = '';

/** `changed` has the keys of what was steady `before`, and is no longer as it was. */
export async function lookAtAll(
  place: ListingPlace,
  before: Known | null,
  changed: ReadonlySet<string>,
): Promise<Known> {
  if (before === null) return assemble(await lookAtRoot(place, null), place, null, new Map());
  const steady = new Map<Day, RawLook>();
  for (const [day, look] of before.looks) if (isAsItWas(look, day, changed)) steady.set(day, look);
  const rootIsAsItWas = isAsItWas(before.root, rootKey, changed);
  if (rootIsAsItWas && steady.size === before.looks.size) return before;

  const root = rootIsAsItWas
    ? before.root
    : await lookAtRoot(place, { root: before.root.root, byName: foldersOf(before, steady) });
  const isElsewhere = root.root !== before.root.root;
  return assemble(root, place, before, isElsewhere ? new Map() : steady);
}

type Watchable = Pick<RootLook | RawLook, 'steady'>;

function isAsItWas({ steady }: Watchable, key: string, changed: ReadonlySet<string>): boolean {
  return steady !== null && !changed.has(key);
}

function foldersOf({ root }: Known, steady: ReadonlyMap<Day, RawLook>): Map<Day, DayFolder> {
  const folders = new Map<Day, DayFolder>();
  for (const each of dayFolders(root)) if (steady.has(each.day)) folders.set(each.day, each);
  return folders;
}

function dayFolders({ entries }: RootLook): DayFolder[] {
  return entries.filter((entry) => entry.kind === 'day');
}

/** Looks at the days that are not steady. `steady` is in day order. */
async function assemble(
  root: RootLook,
  place: ListingPlace,
  before: Known | null,
  steady: ReadonlyMap<Day, RawLook>,
): Promise<Known> {
  const unknown = dayFolders(root).filter(({ day }) => !steady.has(day));
  const found = await inBatches(unknown, async (folder) => {
    const { root: path, ground } = root;
    const look = await lookAtDay({ ...folder, root: path, ground }, place);
    const earlier = before?.looks.get(folder.day);
    return look && earlier && sawTheSame(look, earlier) ? { ...look, raw: earlier.raw } : look;
  });
  const anew = new Map(found.flatMap((look) => (look === null ? [] : [[look.raw.day, look]])));
  const { layout } = place;
  const days = mergeDays(layout, [...steady.keys()], [...anew.keys()].sort(layout.compare));
  const looks = new Map<Day, RawLook>();
  for (const day of days) {
    const look = steady.get(day) ?? anew.get(day);
    if (look !== undefined) looks.set(day, look);
  }
  return { root, looks, listing: listingOf(root, looks, before) };
}

function listingOf(
  { root, entries, device }: RootLook,
  looks: ReadonlyMap<Day, RawLook>,
  before: Known | null,
): RawListing {
  const days = new Map<Day, RawDay>();
  for (const [day, { raw }] of looks) days.set(day, raw);
  const ignored = entries.flatMap((each) => (each.kind === 'ignored' ? [each.entry] : []));
  const listing = { root, days, ignored, device };
  return before !== null && isSameListing(listing, before.listing) ? before.listing : listing;
}

function isSameListing(a: RawListing, b: RawListing): boolean {
  if (a.root !== b.root || a.device !== b.device || a.days.size !== b.days.size) return false;
  for (const [day, raw] of a.days) if (raw !== b.days.get(day)) return false;
  return isDeepStrictEqual(a.ignored, b.ignored);
}

/** What is to be watched from now on, and what no longer. */
export function watchedGroups(before: Known | null, after: Known): GroupsChange {
  const watch: WatchedGroup[] = [];
  const forget: string[] = [];
  const compare = (key: string, old?: Watchable, now?: Watchable) => {
    if (old?.steady === now?.steady) return;
    if (now?.steady) watch.push([key, now.steady]);
    else if (old?.steady) forget.push(key);
  };
  compare(rootKey, before?.root, after.root);
  for (const [day, look] of after.looks) compare(day, before?.looks.get(day), look);
  for (const [day, look] of before?.looks ?? []) {
    if (!after.looks.has(day)) compare(day, look, undefined);
  }
  return { root: after.root.root, watch, forget };
}
