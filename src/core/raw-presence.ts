/**
 * Whether the raw root is there at all. An unmounted root is an empty folder: taken for what it seems, it
 * says that every day has lost its raw data. Pure: it decides, others do.
 */
import { oncePer } from '../model/day-map.js';
import type { LedgerDay, RawMark } from '../model/ledger.js';
import type { RawDay, RawListing } from './ports/raw.js';

export type RawPresence =
  | { readonly kind: 'there' }
  /** It lies on another device than at the last commit, and holds no day. `detail`: sentences for people. */
  | { readonly kind: 'unmounted'; readonly detail: string }
  /** So many days lost their folders since the last commit that it may be a mistake. */
  | { readonly kind: 'emptied'; readonly lost: number; readonly detail: string };

export interface RawEvidence {
  readonly listing: Pick<RawListing, 'root' | 'days' | 'device'>;
  /** All days that are known. */
  readonly judged: readonly KnownChunk[];
  /** Null where the head record tells nothing of it, or there is none. */
  readonly recorded: RawMark | null;
}

interface KnownChunk {
  readonly days: readonly KnownDay[];
}

interface KnownDay {
  readonly ledger: Pick<LedgerDay, 'fingerprint'> | null;
  readonly raw: Pick<RawDay, 'files'> | null;
}

/** One folder that goes is someone's decision; more at once may be a disk that is missing. */
const suspiciousLosses = 2;

/** How many days of the ledger were made from raw files, and have none any more. */
function countArchived(judged: readonly KnownChunk[]): number {
  return judged.reduce((count, { days }) => count + archivedAmong(days), 0);
}

const archivedAmong = oncePer(
  (days: readonly KnownDay[]) =>
    days.filter(({ ledger, raw }) => ledger?.fingerprint != null && !raw?.files.length).length,
);

/** What a commit keeps, by which a later look tells what became of the root. */
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

const unlessMeant = 'If it is meant to be so, set DAYMARK_ALLOW_EMPTY_RAW=true.';

function unmounted({ listing: { root } }: RawEvidence, lost: number): RawPresence {
  const detail = `The raw root ${root} (DAYMARK_RAW_DIR) holds no day, and lies on another device than at the last commit, when it held ${processed(lost)}: its file system seems not to be mounted. Mount it. ${unlessMeant}`;
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
