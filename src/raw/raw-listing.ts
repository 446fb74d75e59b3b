/**
 * Lists every day, based on the previous listing. Steady days with unchanged stamps are reused; the rest is read. If
 * nothing has changed, returns the same object, so that callers know that there is nothing to compute again.
 */
import { isDeepStrictEqual } from 'node:util';
import type { IgnoredEntry, RawDay, RawListing } from '../core/ports/raw.js';
import { type Day, mergeDays } from '../model/day.js';
import type { GroupsChange, WatchedGroup } from '../stamps/groups.js';
import { inBatches } from './batches.js';
import { likelyTemplate } from './likely-template.js';
import type { DaySource } from './place.js';
import { type DayReading, lookAtDay, type RawLook, sawTheSame } from './raw-day.js';
import {
  type FolderLook,
  lookAtTree,
  type RawTree,
  sourcesIn,
  type TreePlace,
} from './raw-tree.js';

export interface Known {
  readonly tree: RawTree;
  /** In day order. */
  readonly looks: ReadonlyMap<Day, RawLook>;
  readonly listing: RawListing;
}

export interface ListingPlace extends TreePlace, DayReading {}

/** The key under which a folder above the days is watched; no day is named so. */
const keyOf = (folder: string) => `/${folder}`;

/** `changed` has the keys of what was steady `before`, and is no longer as it was. */
export async function lookAtAll(
  place: ListingPlace,
  before: Known | null,
  changed: ReadonlySet<string>,
): Promise<Known> {
  if (before === null) return assemble(await lookAtTree(place, null), place, null, new Map());
  const { tree, looks } = before;
  const days = new Map<Day, RawLook>();
  for (const [day, look] of looks) if (isAsItWas(look, day, changed)) days.set(day, look);
  const folders = new Set<string>();
  for (const [name, look] of tree.folders)
    if (isAsItWas(look, keyOf(name), changed)) folders.add(name);
  const treeIsAsItWas = folders.size === tree.folders.size;
  if (treeIsAsItWas && days.size === looks.size) return before;

  const now = treeIsAsItWas ? tree : await lookAtTree(place, { tree, folders, days });
  return assemble(now, place, before, days);
}

type Watchable = Pick<FolderLook | RawLook, 'steady'>;

function isAsItWas({ steady }: Watchable, key: string, changed: ReadonlySet<string>): boolean {
  return steady !== null && !changed.has(key);
}

/** Reads the days that are unknown, or have moved. `known` is in day order. */
async function assemble(
  tree: RawTree,
  place: ListingPlace,
  before: Known | null,
  known: ReadonlyMap<Day, RawLook>,
): Promise<Known> {
  const sources = sourcesIn(tree.folders);
  const steady = new Map([...known].filter(([day, look]) => liesWhere(look, sources.get(day))));
  const unknown = [...sources].filter(([day]) => !steady.has(day));
  const found = await inBatches(unknown, async ([day, where]) => {
    const look = await lookAtDay(tree, day, where, place);
    const earlier = before?.looks.get(day);
    return look && earlier && sawTheSame(look, earlier) ? { ...look, raw: earlier.raw } : look;
  });
  const anew = new Map(found.flatMap((look) => (look === null ? [] : [[look.raw.day, look]])));
  const { layout } = place.template;
  const days = mergeDays(layout, [...steady.keys()], [...anew.keys()].sort(layout.compare));
  const looks = new Map<Day, RawLook>();
  for (const day of days) {
    const look = steady.get(day) ?? anew.get(day);
    if (look !== undefined) looks.set(day, look);
  }
  const ignored = await ignoredIn(tree, place, looks.size === 0);
  return { tree, looks, listing: listingOf(tree, looks, ignored, before) };
}

function liesWhere({ sources }: RawLook, now: readonly DaySource[] | undefined): boolean {
  if (sources.length !== now?.length) return false;
  return sources.every((each, index) => each === now[index] || isDeepStrictEqual(each, now[index]));
}

/** In the order of their names. Where there is no day at all, with the template that was meant. */
async function ignoredIn(
  { root, folders }: RawTree,
  { template }: ListingPlace,
  withTemplate: boolean,
): Promise<IgnoredEntry[]> {
  const entries = [...folders.values()].flatMap((folder) => folder.entries);
  const ignored = entries.flatMap((each) => (each.kind === 'ignored' ? [each.entry] : []));
  const meant = withTemplate ? await likelyTemplate(template, root, ignored) : null;
  if (meant === null) return ignored;
  return ignored.map((entry) => {
    const reason = `${entry.reason} Did you mean \`raw: ${meant}\`?`;
    return entry.kind === 'marked' ? entry : { ...entry, reason };
  });
}

function listingOf(
  { root, device }: RawTree,
  looks: ReadonlyMap<Day, RawLook>,
  ignored: readonly IgnoredEntry[],
  before: Known | null,
): RawListing {
  const days = new Map<Day, RawDay>();
  for (const [day, { raw }] of looks) days.set(day, raw);
  const listing = { root, days, ignored, device };
  return before !== null && isSameListing(listing, before.listing) ? before.listing : listing;
}

function isSameListing(a: RawListing, b: RawListing): boolean {
  if (a.root !== b.root || a.device !== b.device || a.days.size !== b.days.size) return false;
  for (const [day, raw] of a.days) if (raw !== b.days.get(day)) return false;
  return isDeepStrictEqual(a.ignored, b.ignored);
}

/** What to watch from now on, and what to stop watching. */
export function watchedGroups(before: Known | null, after: Known): GroupsChange {
  const watch: WatchedGroup[] = [];
  const forget: string[] = [];
  const compare = (key: string, old?: Watchable, now?: Watchable) => {
    if (old?.steady === now?.steady) return;
    if (now?.steady) watch.push([key, now.steady]);
    else if (old?.steady) forget.push(key);
  };
  for (const [name, look] of after.tree.folders) {
    compare(keyOf(name), before?.tree.folders.get(name), look);
  }
  for (const [name, look] of before?.tree.folders ?? []) {
    if (!after.tree.folders.has(name)) compare(keyOf(name), look, undefined);
  }
  for (const [day, look] of after.looks) compare(day, before?.looks.get(day), look);
  for (const [day, look] of before?.looks ?? []) {
    if (!after.looks.has(day)) compare(day, look, undefined);
  }
  return { root: after.tree.root, watch, forget };
}
