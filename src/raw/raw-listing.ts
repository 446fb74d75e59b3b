/**
 * Lists every day, based on the previous listing. Steady days with unchanged stamps are reused; the rest is read. If
 * nothing has changed, returns the same object, so that callers know that there is nothing to compute again.
 */
import { isDeepStrictEqual } from 'node:util';
import type { IgnoredEntry, RawDay, RawListing } from '../core/ports/raw.js';
import type { Day } from '../model/day.js';
import { DayMap, differences } from '../model/day-map.js';
import type { GroupsChange, WatchedGroup } from '../stamps/groups.js';
import { inBatches } from './batches.js';
import { likelyTemplate } from './likely-template.js';
import type { DaySource } from './place.js';
import { type DayReading, lookAtDay, type RawLook, sawTheSame } from './raw-day.js';
import {
  changedDays,
  type FolderLook,
  lookAtTree,
  type RawTree,
  sourcesIn,
  type TreePlace,
} from './raw-tree.js';

export interface Known {
  readonly tree: RawTree;
  readonly looks: DayMap<RawLook>;
  readonly listing: DayListing;
}

interface DayListing extends RawListing {
  readonly days: DayMap<RawDay>;
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
  if (before === null) {
    const tree = await lookAtTree(place, null);
    return assemble(tree, place, null, sourcesIn(tree.folders));
  }
  const { tree, looks } = before;
  const again = new Set<Day>();
  for (const { values } of looks.chunks) {
    for (const look of values) if (!isAsItWas(look, look.raw.day, changed)) again.add(look.raw.day);
  }
  const folders = new Set<string>();
  for (const [name, look] of tree.folders)
    if (isAsItWas(look, keyOf(name), changed)) folders.add(name);
  const treeIsAsItWas = folders.size === tree.folders.size;
  if (treeIsAsItWas && again.size === 0) return before;

  const isKnown = (day: Day) => looks.has(day) && !again.has(day);
  const now = treeIsAsItWas ? tree : await lookAtTree(place, { tree, folders, isKnown });
  const days = new Set([...again, ...changedDays(tree.folders, now.folders)]);
  const found = sourcesIn(now.folders, days);
  return assemble(now, place, before, new Map([...days].map((day) => [day, found.get(day) ?? []])));
}

type Watchable = Pick<FolderLook | RawLook, 'steady'>;

function isAsItWas({ steady }: Watchable, key: string, changed: ReadonlySet<string>): boolean {
  return steady !== null && !changed.has(key);
}

/** Reads the days of `sources`; all others are taken from `before`. */
async function assemble(
  tree: RawTree,
  place: ListingPlace,
  before: Known | null,
  sources: ReadonlyMap<Day, readonly DaySource[]>,
): Promise<Known> {
  const found = await inBatches([...sources], async ([day, where]) => {
    const look = await lookAtDay(tree, day, where, place);
    const earlier = before?.looks.get(day);
    const isAsEarlier = look !== null && earlier !== undefined && sawTheSame(look, earlier);
    return [day, isAsEarlier ? { ...look, raw: earlier.raw } : look] as const;
  });
  const { layout } = place.template;
  const looks = (before?.looks ?? DayMap.of<RawLook>(layout, new Map())).with(new Map(found));
  const raws = new Map(found.map(([day, look]) => [day, look?.raw ?? null]));
  const days = (before?.listing.days ?? DayMap.of<RawDay>(layout, new Map())).with(raws);
  const ignored = await ignoredIn(tree, place, looks.size === 0);
  const { root, device } = tree;
  const listing = { root, days, ignored, device };
  const isSame = before !== null && isSameListing(listing, before.listing);
  return { tree, looks, listing: isSame ? before.listing : listing };
}

/** In the order of their names. Where there is no day at all, with the template that was meant. */
async function ignoredIn(
  { root, folders }: RawTree,
  { template }: ListingPlace,
  withTemplate: boolean,
): Promise<IgnoredEntry[]> {
  const entries = [...folders.values()].flatMap((folder) => folder.entries);
  const ignored = entries.filter((each) => each.kind === 'ignored').map(({ entry }) => entry);
  const meant = withTemplate ? await likelyTemplate(template, root, ignored) : null;
  if (meant === null) return ignored;
  return ignored.map((entry) => {
    const reason = `${entry.reason} Did you mean \`raw: ${meant}\`?`;
    return entry.kind === 'marked' ? entry : { ...entry, reason };
  });
}

function isSameListing(a: DayListing, b: DayListing): boolean {
  if (a.root !== b.root || a.device !== b.device) return false;
  return a.days === b.days && isDeepStrictEqual(a.ignored, b.ignored);
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
  const [old, now] = [before?.tree.folders, after.tree.folders];
  for (const name of new Set([...(old?.keys() ?? []), ...now.keys()])) {
    compare(keyOf(name), old?.get(name), now.get(name));
  }
  for (const each of differences(before?.looks ?? null, after.looks)) {
    compare(each.day, each.before, each.after);
  }
  return { root: after.tree.root, watch, forget };
}
