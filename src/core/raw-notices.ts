/** Notices about entries that are left out of the raw root, or gone from it, so that nothing is silently missed. Pure. */

import { chunksOf, oncePer } from '../model/day-map.js';
import { formEnding } from '../model/file-form.js';
import type { Notice } from '../model/notice.js';
import type { RawDay, RawListing, UnreadEntry } from './ports/raw.js';
import type { RawPresence } from './raw-presence.js';

export function rawNotices(raw: RawListing, presence: RawPresence): Notice[] {
  const leftOut = [...notDays(raw), ...notRead(raw)];
  const lost: Notice[] =
    presence.kind === 'emptied' ? [{ code: 'raw-emptied', message: presence.detail }] : [];
  if (leftOut.length === 0 || holdsData(raw)) return [...leftOut, ...lost];
  const sentences = leftOut.map(({ message }) => message).join(' ');
  return [{ code: 'no-days', message: `${nothingFound(raw)} ${sentences}` }, ...lost];
}

function holdsData({ days }: RawListing): boolean {
  return chunksOf(days).some(({ values }) =>
    values.some(({ files, refused }) => files.length + refused.length > 0),
  );
}

function nothingFound({ root, days }: RawListing): string {
  if (days.size === 0) return `The raw root ${root} holds no day at all.`;
  return days.size === 1
    ? `The one day folder of the raw root ${root} holds no raw file.`
    : `None of the ${days.size} day folders of the raw root ${root} holds a raw file.`;
}

/** Folders, names that are nearly days, and raw files; any other file is certainly not data. */
function notDays({ root, ignored }: RawListing): Notice[] {
  const odd = ignored.filter(
    ({ kind, likelyDay, name }) =>
      kind === 'folder' || likelyDay !== null || (kind === 'file' && formEnding.test(name)),
  );
  const [first] = odd;
  if (first === undefined) return [];
  const names = odd.map(({ name, likelyDay }) =>
    likelyDay === null ? name : `${name} (did you mean ${likelyDay}?)`,
  );
  const what =
    odd.length === 1
      ? `1 entry of the raw root ${root} is not a day, and is left out`
      : `${odd.length} entries of the raw root ${root} are not days, and are left out`;
  return [{ code: 'not-days', message: `${what}: ${listed(names)}. ${whyOf(odd, '/v1/days')}` }];
}

function notRead({ days }: RawListing): Notice[] {
  const unread = chunksOf(days).flatMap(({ values }) => unreadOf(values));
  const [first] = unread;
  if (first === undefined) return [];
  const what =
    unread.length === 1
      ? '1 entry of a day’s folder is not read'
      : `${unread.length} entries in folders of days are not read`;
  const names = unread.map(({ name }) => name);
  const why = whyOf(unread, '/v1/days/{day}');
  return [{ code: 'unread-files', message: `${what}: ${listed(names)}. ${why}` }];
}

const unreadOf = oncePer((days: readonly RawDay[]): UnreadEntry[] =>
  days.flatMap(({ day, unread }) =>
    unread.map(({ name, reason }) => ({ name: `${day}/${name}`, reason })),
  ),
);

/** Gives the reason only if there is one: otherwise the first would seem to apply to all. */
function whyOf(entries: readonly { readonly reason: string }[], route: string): string {
  const reasons = new Set(entries.map(({ reason }) => reason));
  const [reason = ''] = reasons;
  return reasons.size === 1 ? reason : `GET ${route} says why, for each of them.`;
}

const mostListed = 10;

export function listed(names: readonly string[]): string {
  const more = names.length - mostListed;
  return `${names.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
