/**
 * The state of a day (a pending day is taken by the default run):
 *
 *   state      raw        output            ledger                                pending
 *   new        ready      absent            absent; day > checkpoint              yes
 *   late       ready      absent            absent; day < checkpoint              yes
 *   waiting    not ready  absent            any                                   no
 *   processed  ready      present or empty  same fingerprint and definition       no
 *   changed    ready      present or empty  another fingerprint                   yes
 *   outdated   ready      present or empty  made under another definition         yes
 *   unverified ready      present           none, or adopted and never compared   yes
 *   damaged    ready      rows lost, altered or doubled                           yes
 *   rewound    ready      present           marked for reprocessing               yes
 *   archived   not ready  present           any                                   no
 *   damaged    not ready  rows lost, altered or doubled                           no
 *
 * "Empty" is a day whose raw data gives no rows: only the ledger knows it. Days that another program wrote are
 * `processed` at once if they are trusted (`DAYMARK_ADOPT=trust`), and their reason says so.
 */
import type { Day } from '../model/day.js';
import type { pendingStates } from '../model/day-state.js';
import { sameFiles, sameFingerprint } from '../model/fingerprint.js';
import type { Damage, LedgerDay, OutputDay } from '../model/ledger.js';
import type { Rules } from '../model/rules.js';
import type { RawDay } from './ports/raw.js';

interface DayEvidence {
  readonly day: Day;
  readonly output: OutputDay | null;
  readonly ledger: LedgerDay | null;
  /** The reason for the state: a sentence. */
  readonly reason: string;
}

/** A day whose raw data can be aggregated now. */
export interface ReadyDay extends DayEvidence {
  readonly raw: RawDay;
}

export interface PendingDay extends ReadyDay {
  readonly state: (typeof pendingStates)[number];
  readonly pending: true;
}

export interface ProcessedDay extends ReadyDay {
  readonly state: 'processed';
  readonly pending: false;
}

export interface RestingDay extends DayEvidence {
  readonly state: 'waiting' | 'archived' | 'damaged';
  readonly pending: false;
  /** Null when the folder is gone; not ready otherwise. */
  readonly raw: RawDay | null;
}

export type DayStatus = PendingDay | ProcessedDay | RestingDay;

export interface Judging extends Rules {
  readonly hasOtherColumns: boolean;
}

export interface Evidence {
  readonly day: Day;
  readonly raw: RawDay | null;
  readonly output: OutputDay | null;
  readonly ledger: LedgerDay | null;
}

export function stateOf(rules: Judging, evidence: Evidence, late: boolean): DayStatus {
  const { raw } = evidence;
  const damage = damageOf(evidence);
  if (raw === null || !raw.ready) return withoutRaw(rules, evidence, damage);

  if (damage !== null) return pending({ ...evidence, raw }, 'damaged', damage);
  return readyState(rules, { ...evidence, raw }, late);
}

/** For a day whose raw data can be aggregated, and whose rows are as they were written. */
function readyState(rules: Judging, ready: ReadyEvidence, late: boolean): DayStatus {
  const { raw, output, ledger } = ready;
  if (output === null && ledger === null) {
    return late
      ? pending(ready, 'late', 'a later day is processed already, and the output does not hold it')
      : pending(ready, 'new', 'the output does not hold it');
  }
  if (ledger?.reprocess) {
    return pending(ready, 'rewound', 'the checkpoint was rewound below it');
  }
  if (isUnverified(rules, ready)) {
    return pending(
      ready,
      'unverified',
      'its rows are not yet compared with its raw files; the next run does that',
    );
  }
  if (ledger?.fingerprint && !sameFingerprint(ledger.fingerprint, raw.fingerprint)) {
    const touched = sameFiles(ledger.fingerprint, raw.fingerprint);
    return pending(ready, 'changed', touched ? touchedReason : changedReason);
  }
  if (isOutdated(rules, ready)) {
    return pending(ready, 'outdated', outdatedReason(rules, ready));
  }
  const isTrusted = ledger === null || ledger.adopted === 'trusted';
  return processed(ready, isTrusted ? trusted : 'its rows are up to date');
}

function outdatedReason({ hasOtherColumns }: Judging, { ledger }: Evidence): string {
  if (hasOtherColumns) return otherColumns;
  return ledger?.definition ? otherDefinition : olderVersion;
}

const otherColumns =
  'the output has other columns than the definition; the next run makes all of its days again';

const otherDefinition = 'it was made under another definition';

const olderVersion =
  'an older version made it, and did not record under which definition; the next run compares it';

const trusted = 'trusted: its rows were never compared with its raw files';

function isUnverified({ adopt }: Rules, { ledger }: Evidence): boolean {
  return ledger === null ? adopt === 'compare' : ledger.adopted === 'unverified';
}

/** Older versions did not record the definition of a day, so it is processed again. */
function isOutdated(
  { definition, hasOtherColumns }: Judging,
  { output, ledger }: Evidence,
): boolean {
  if (ledger === null) return hasOtherColumns && output !== null;
  return ledger.definition !== definition;
}

function archivedReason(rules: Judging, evidence: Evidence, lack: string): string {
  const { ledger, raw } = evidence;
  if (raw === null && (ledger === null || ledger.adopted !== null)) {
    return 'no record says who made its rows, and there is no raw data to compare them with; they stay';
  }
  const stay = `${lack}, its rows stay`;
  const isOther = ledger?.definition != null && isOutdated(rules, evidence);
  return isOther ? `${stay}, made under another definition` : stay;
}

const changedReason = 'its raw files differ from those it was made from';

const touchedReason =
  'its raw files have the same names, sizes and times as those it was made from, but were touched since: inode or change time differ; the next run compares them';

function withoutRaw(rules: Judging, evidence: Evidence, damage: string | null): RestingDay {
  const { raw, output } = evidence;
  const lack = raw === null ? 'its raw data is gone' : `it waits for ${raw.waitsFor}`;
  if (damage !== null) return resting(evidence, 'damaged', `${damage}; ${lack}`);
  if (output === null && raw !== null) return resting(evidence, 'waiting', lack);
  return resting(evidence, 'archived', archivedReason(rules, evidence, lack));
}

type ReadyEvidence = Evidence & Pick<ReadyDay, 'raw'>;

// Literals with the same properties in the same order, for the speed of loops over thousands of days.
function resting(
  { day, raw, output, ledger }: Evidence,
  state: RestingDay['state'],
  reason: string,
): RestingDay {
  return { day, raw, output, ledger, state, pending: false, reason };
}

function pending(
  { day, raw, output, ledger }: ReadyEvidence,
  state: PendingDay['state'],
  reason: string,
): PendingDay {
  return { day, raw, output, ledger, state, pending: true, reason };
}

function processed({ day, raw, output, ledger }: ReadyEvidence, reason: string): ProcessedDay {
  return { day, raw, output, ledger, state: 'processed', pending: false, reason };
}

const damageReasons: Record<Damage, string> = {
  doubled: 'the output holds two rows with the same key',
  altered: 'its rows in the output are not those that were committed',
  lost: 'its rows were committed and are no longer in the output',
};

function damageOf({ output, ledger }: Evidence): string | null {
  if (output?.doubled) return damageReasons.doubled;
  if (ledger === null) return null;
  if (output === null && (ledger.rows > 0 || ledger.damage !== null)) return damageReasons.lost;
  if (output !== null && output.sha256 !== ledger.sha256) return damageReasons.altered;
  return ledger.damage === null ? null : damageReasons[ledger.damage];
}

/** In the output, or empty according to the ledger, and not pending. */
export function countsAsProcessed(evidence: Evidence): boolean {
  const { raw, output, ledger } = evidence;
  const ready = raw?.ready ?? false;
  if (ready && ledger?.reprocess) return false;
  if (output !== null) return true;
  const empty = ledger !== null && damageOf(evidence) === null;
  return empty && (ready || raw === null);
}
