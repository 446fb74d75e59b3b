/**
 * Whether the raw root is there at all. An unmounted root is an empty folder, which would mean that every day has lost
 * its raw data. Pure.
 */
import { oncePer } from '../model/day-map.js';
import type { LedgerDay, RawMark } from '../model/ledger.js';
import type { RawDay, RawListing } from './ports/raw.js';

export type RawPresence =
  | { readonly kind: 'there' }
  /** It is on another device than at the last commit, and holds no days. `detail`: sentences for people. */
  | { readonly kind: 'unmounted'; readonly detail: string }
  /** Enough days lost their folders since the last commit that it may be a mistake. */
  | { readonly kind: 'emptied'; readonly lost: number; readonly detail: string };

export interface RawEvidence {
  readonly listing: Pick<RawListing, 'root' | 'days' | 'device'>;
  /** All known days. */
  readonly judged: readonly KnownChunk[];
  /** Null if the head record does not have it, or there is no head. */
  readonly recorded: RawMark | null;
}

interface KnownChunk {
  readonly days: readonly KnownDay[];
}

interface KnownDay {
  readonly ledger: Pick<LedgerDay, 'fingerprint'> | null;
  readonly raw: Pick<RawDay, 'files'> | null;
}

/** One missing folder is probably on purpose; several at once may mean a missing disk. */
const suspiciousLosses = 2;

/** How many days of the ledger were made from raw files that are gone. */
function countArchived(judged: readonly KnownChunk[]): number {
  return judged.reduce((count, { days }) => count + archivedAmong(days), 0);
}

const archivedAmong = oncePer(
  (days: readonly KnownDay[]) =>
    days.filter(({ ledger, raw }) => ledger?.fingerprint != null && !raw?.files.length).length,
);

/** What a commit records about the root, for later looks. */
export function rawMarkOf(
  { device }: Pick<RawListing, 'device'>,
  judged: readonly KnownChunk[],
): RawMark {
  return { device, archived: countArchived(judged) };
}

export function rawPresence(evidence: RawEvidence): RawPresence {
  const { listing, judged, recorded } = evidence;
  const archived = countArchived(judged);
  if (listing.days.size > 0) {
    // Without a record of it no one knows since when they are gone.
    const lost = recorded === null ? 0 : archived - recorded.archived;
    return lost < suspiciousLosses ? there : emptied(evidence, lost);
  }
  const lost = archived - (recorded?.archived ?? 0);
  if (lost <= 0) return there;
  const isElsewhere = recorded !== null && recorded.device !== listing.device;
  return isElsewhere ? unmounted(evidence, lost) : emptied(evidence, lost);
}

const there = { kind: 'there' } as const;

const unlessMeant = 'If this is on purpose, set DAYMARK_ALLOW_EMPTY_RAW=true.';

function unmounted({ listing: { root } }: RawEvidence, lost: number): RawPresence {
  const detail = `The raw root ${root} (DAYMARK_RAW_DIR) holds no days, and is on another device than at the last commit, when it held ${processed(lost)}: its file system does not seem to be mounted. Mount it. ${unlessMeant}`;
  return { kind: 'unmounted', detail };
}

function emptied({ listing: { root }, recorded }: RawEvidence, lost: number): RawPresence {
  const since = recorded === null ? '' : ' since the last commit';
  const detail = `The raw root ${root} (DAYMARK_RAW_DIR) has lost the raw files of ${processed(lost)}${since}. Bring them back, or mount what is missing. ${unlessMeant}`;
  return { kind: 'emptied', lost, detail };
}

function processed(days: number): string {
  return days === 1 ? '1 processed day' : `${days} processed days`;
}
