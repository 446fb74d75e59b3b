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
import type { Day, DayLayout } from './day.js';
import type {
  CheckpointKind,
  Damage,
  Fingerprint,
  LedgerDay,
  OutputDay,
  RawDay,
  StoredCheckpoint,
} from './ports.js';

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

export const checkpointReadings = [
  'in-sync',
  'missing',
  'behind',
  'ahead',
  'invalid',
  'wrong-type',
  'unavailable',
  'embedded',
] as const;
export type CheckpointReading = (typeof checkpointReadings)[number];

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

export interface CheckpointStatus {
  /** The highest processed day that is not rewound: what the store should hold. */
  readonly day: Day | null;
  readonly reading: CheckpointReading;
  readonly stored: StoredCheckpoint;
}

/** Put this into the checkpoint store, if it still holds what was read. */
export interface CheckpointRepair {
  readonly expected: string | null;
  readonly next: Day | null;
}

export interface Reconciled {
  /** In day order. */
  readonly days: readonly DayStatus[];
  readonly checkpoint: CheckpointStatus;
  readonly repair: CheckpointRepair | null;
}

export interface ReconcileInput {
  readonly layout: DayLayout;
  readonly raw: ReadonlyMap<Day, RawDay>;
  readonly output: ReadonlyMap<Day, OutputDay>;
  readonly ledger: ReadonlyMap<Day, LedgerDay>;
  readonly checkpoint: { readonly kind: CheckpointKind; readonly stored: StoredCheckpoint };
}

/**
 * `before` has what an earlier reconcile found, in day order. A day that rests on the very same objects as
 * then is taken from there, which changes nothing but the time that it takes.
 */
export function reconcile(input: ReconcileInput, before: readonly DayStatus[] = []): Reconciled {
  const { layout, raw, output, ledger } = input;
  const known = [...new Set([...raw.keys(), ...output.keys(), ...ledger.keys()])];
  known.sort(layout.compare);

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
    while (passed < before.length && precedes(layout, before[passed], day)) passed += 1;
    const evidence = evidenceOf(day);
    const late = isLate(day);
    const earlier = before[passed];
    return earlier && restsOn(earlier, evidence, late) ? earlier : stateOf(evidence, late);
  });
  return { days, ...readCheckpoint(layout, checkpointDay, input.checkpoint) };
}

function precedes(layout: DayLayout, status: DayStatus | undefined, day: Day): boolean {
  return status !== undefined && status.day !== day && layout.compare(status.day, day) < 0;
}

/** Whether the status is what would be found again. */
function restsOn(
  status: DayStatus,
  { day, raw, output, ledger }: Evidence,
  late: boolean,
): boolean {
  const isSame =
    status.day === day &&
    status.raw === raw &&
    status.output === output &&
    status.ledger === ledger;
  switch (status.state) {
    case 'new':
      return isSame && !late;
    case 'late':
      return isSame && late;
    default:
      return isSame;
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
  const { day, raw, output, ledger } = evidence;
  const facts = { day, output, ledger };
  const damage = damageOf(evidence);

  if (raw === null || !raw.ready) {
    if (damage !== null) {
      return {
        ...facts,
        raw,
        state: 'damaged',
        pending: false,
        reason: `${damage}; its raw data is gone`,
      };
    }
    if (output === null && raw !== null) {
      return { ...facts, raw, state: 'waiting', pending: false, reason: 'its folder is not ready' };
    }
    return {
      ...facts,
      raw,
      state: 'archived',
      pending: false,
      reason: 'its raw data is gone, its rows stay',
    };
  }

  const pending = (state: PendingDay['state'], reason: string): PendingDay => ({
    ...facts,
    raw,
    state,
    pending: true,
    reason,
  });
  if (damage !== null) return pending('damaged', damage);
  if (output === null && ledger === null) {
    return late
      ? pending('late', 'it came after a later day was processed')
      : pending('new', 'the output does not hold it');
  }
  if (ledger?.reprocess) return pending('rewound', 'the checkpoint was rewound below it');
  if (ledger?.fingerprint && !sameFingerprint(ledger.fingerprint, raw.fingerprint)) {
    return pending('changed', 'its raw files differ from those it was made from');
  }
  return { ...facts, raw, state: 'processed', pending: false, reason: 'its rows are up to date' };
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

function readCheckpoint(
  layout: DayLayout,
  day: Day | null,
  { kind, stored }: ReconcileInput['checkpoint'],
): Pick<Reconciled, 'checkpoint' | 'repair'> {
  const inSync = kind === 'embedded' ? 'embedded' : 'in-sync';
  const status = (reading: CheckpointReading) => ({ day, reading, stored });
  const repaired = (reading: CheckpointReading, expected: string | null) => ({
    checkpoint: status(reading),
    repair: { expected, next: day },
  });

  switch (stored.status) {
    case 'unavailable':
      return { checkpoint: status('unavailable'), repair: null };
    case 'wrong-type':
      return { checkpoint: status('wrong-type'), repair: null };
    case 'absent':
      return day === null
        ? { checkpoint: status(inSync), repair: null }
        : repaired('missing', null);
    case 'value': {
      const found = layout.parse(stored.text);
      if (found === null) return repaired('invalid', stored.text);
      if (found === day) return { checkpoint: status(inSync), repair: null };
      const ahead = day === null || layout.compare(found, day) > 0;
      return repaired(ahead ? 'ahead' : 'behind', stored.text);
    }
    default:
      return stored satisfies never;
  }
}
