/**
 * Reconcile: what the raw root, the output, the ledger and the checkpoint say, taken together.
 *
 * A pure function: it decides, others do. The output is the truth for which days are processed, the
 * ledger tells from what they were made, the checkpoint is a copy that is put right.
 *
 * Day states (a pending day is taken by the default run):
 *
 *   state      raw        output            ledger                                pending
 *   new        ready      absent            absent; day > checkpoint              yes
 *   late       ready      absent            absent; day < checkpoint              yes
 *   waiting    not ready  absent            any                                   no
 *   processed  ready      present or empty  same fingerprint, or no entry         no
 *   changed    ready      present or empty  another fingerprint                   yes
 *   damaged    ready      rows lost, altered or doubled                           yes
 *   rewound    ready      present           marked for reprocessing               yes
 *   archived   not ready  present           any                                   no
 *   damaged    not ready  rows lost, altered or doubled                           no
 *
 * "Empty" is a day whose raw data holds no item: only the ledger knows it.
 */
import { type KeptCheckpoint, type ReadCheckpoint, readCheckpoint } from './checkpoint-reading.js';
import { type Day, type DayLayout, mergeDays } from './day.js';
import type { Damage, Fingerprint, LedgerDay, OutputDay, RawDay } from './ports.js';

export const dayStates = [
  'new',
  'late',
  'waiting',
  'processed',
  'changed',
  'damaged',
  'rewound',
  'archived',
] as const;
export type DayState = (typeof dayStates)[number];

interface DayEvidence {
  readonly day: Day;
  readonly output: OutputDay | null;
  readonly ledger: LedgerDay | null;
  /** Why the state is what it is: a sentence. */
  readonly reason: string;
}

/** A day whose raw data can be aggregated now. */
export interface ReadyDay extends DayEvidence {
  readonly raw: RawDay;
}

export interface PendingDay extends ReadyDay {
  readonly state: 'new' | 'late' | 'changed' | 'damaged' | 'rewound';
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

export interface Reconciled extends ReadCheckpoint {
  /** In day order. */
  readonly days: readonly DayStatus[];
}

export interface ReconcileInput {
  readonly layout: DayLayout;
  readonly raw: ReadonlyMap<Day, RawDay>;
  readonly output: ReadonlyMap<Day, OutputDay>;
  readonly ledger: ReadonlyMap<Day, LedgerDay>;
  readonly checkpoint: KeptCheckpoint;
}

/**
 * `before` has what an earlier reconcile found, in day order. A day that rests on the very same objects as
 * then is taken from there, which changes nothing but the time that it takes.
 */
export function reconcile(input: ReconcileInput, before: readonly DayStatus[] = []): Reconciled {
  const { layout, raw, output, ledger } = input;
  const held = mergeDays(layout, [...output.keys()], [...ledger.keys()]);
  const known = mergeDays(layout, held, [...raw.keys()]);

  const evidenceOf = (day: Day): Evidence => ({
    day,
    raw: raw.get(day) ?? null,
    output: output.get(day) ?? null,
    ledger: ledger.get(day) ?? null,
  });
  const checkpointDay = known.findLast((day) => countsAsProcessed(evidenceOf(day))) ?? null;
  const isLate = (day: Day) => checkpointDay !== null && layout.compare(day, checkpointDay) < 0;

  let passed = 0;
  const days = known.map((day) => {
    while (precedes(layout, before[passed], day)) passed += 1;
    const earlier = before[passed]?.day === day ? before[passed] : undefined;
    if (earlier !== undefined) passed += 1;
    const evidence = evidenceOf(day);
    return earlier && restsOn(earlier, evidence, isLate) ? earlier : stateOf(evidence, isLate(day));
  });
  return { days, ...readCheckpoint(layout, checkpointDay, input.checkpoint) };
}

function precedes(layout: DayLayout, status: DayStatus | undefined, day: Day): boolean {
  return status !== undefined && status.day !== day && layout.compare(status.day, day) < 0;
}

/** Whether the status, of the same day, is what would be found again. */
function restsOn(
  status: DayStatus,
  { day, raw, output, ledger }: Evidence,
  isLate: (day: Day) => boolean,
): boolean {
  if (status.raw !== raw || status.output !== output || status.ledger !== ledger) return false;
  switch (status.state) {
    case 'new':
      return !isLate(day);
    case 'late':
      return isLate(day);
    default:
      return true;
  }
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return (
    a.length === b.length &&
    a.every((file, index) => {
      const other = b[index];
      return (
        file.name === other?.name &&
        file.sizeBytes === other.sizeBytes &&
        file.mtimeNs === other.mtimeNs
      );
    })
  );
}

interface Evidence {
  readonly day: Day;
  readonly raw: RawDay | null;
  readonly output: OutputDay | null;
  readonly ledger: LedgerDay | null;
}

function stateOf(evidence: Evidence, late: boolean): DayStatus {
  const { raw, output, ledger } = evidence;
  const damage = damageOf(evidence);
  if (raw === null || !raw.ready) {
    if (damage !== null) return resting(evidence, 'damaged', `${damage}; its raw data is gone`);
    if (output === null && raw !== null) {
      return resting(evidence, 'waiting', 'its folder is not ready');
    }
    return resting(evidence, 'archived', 'its raw data is gone, its rows stay');
  }

  const ready = { ...evidence, raw };
  if (damage !== null) return pending(ready, 'damaged', damage);
  if (output === null && ledger === null) {
    return late
      ? pending(ready, 'late', 'it came after a later day was processed')
      : pending(ready, 'new', 'the output does not hold it');
  }
  if (ledger?.reprocess) {
    return pending(ready, 'rewound', 'the checkpoint was rewound below it');
  }
  if (ledger?.fingerprint && !sameFingerprint(ledger.fingerprint, raw.fingerprint)) {
    return pending(ready, 'changed', 'its raw files differ from those it was made from');
  }
  return processed(ready);
}

type ReadyEvidence = Evidence & Pick<ReadyDay, 'raw'>;

// Literals with the same properties in the same order: walks over thousands of days rest on that.
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

function processed({ day, raw, output, ledger }: ReadyEvidence): ProcessedDay {
  const reason = 'its rows are up to date';
  return { day, raw, output, ledger, state: 'processed', pending: false, reason };
}

const damageReasons: Record<Damage, string> = {
  doubled: 'the output holds an hour and category twice',
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

/** In the output, or empty by the ledger with its folder still there or gone; and not to be made again. */
function countsAsProcessed(evidence: Evidence): boolean {
  const { raw, output, ledger } = evidence;
  const ready = raw?.ready ?? false;
  if (ready && ledger?.reprocess) return false;
  if (output !== null) return true;
  const empty = ledger !== null && damageOf(evidence) === null;
  return empty && (ready || raw === null);
}

/** Whether the checkpoint could be another if raw days came or went, the output being what it is. */
export function checkpointRestsOnRaw(days: readonly DayStatus[]): boolean {
  return days.some(
    ({ output, ledger }) => ledger !== null && (ledger.reprocess || output === null),
  );
}
