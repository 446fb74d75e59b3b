/**
 * Reconcile: combines what the raw root, the output, the ledger and the checkpoint say.
 *
 * A pure function: it decides, others act. The output is the truth about which days are processed, the
 * ledger records what they were made from, the checkpoint is a copy that is corrected.
 *
 * Day states (a pending day is taken by the default run):
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

import type { Day, DayLayout } from '../model/day.js';
import { chunkNumbers, type DayChunk, DayMap, daysIn } from '../model/day-map.js';
import type { pendingStates } from '../model/day-state.js';
import { sameFiles, sameFingerprint } from '../model/fingerprint.js';
import type { Damage, LedgerDay, OutputDay } from '../model/ledger.js';
import type { Rules } from '../model/rules.js';
import { type KeptCheckpoint, type ReadCheckpoint, readCheckpoint } from './checkpoint-reading.js';
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

export interface Reconciled extends ReadCheckpoint {
  /** In day order. */
  readonly days: readonly DayStatus[];
  /** The same by chunks, for the next reconcile. */
  readonly judged: readonly JudgedChunk[];
}

/** What is known of the days of one chunk. */
interface Chunk {
  readonly at: number;
  readonly raw: DayChunk<RawDay> | undefined;
  readonly output: DayChunk<OutputDay> | undefined;
  readonly ledger: DayChunk<LedgerDay> | undefined;
}

interface JudgedChunk extends Chunk {
  readonly days: readonly DayStatus[];
  /** As `ReconcileInput` had it: with another answer its days are judged again. */
  readonly hasOtherColumns: boolean;
  readonly highest: Day | null;
  /** Whether the state of a day would be another with another one. */
  readonly restsOnHighest: boolean;
  /** How many days at its beginning are in the output as they should be. */
  readonly complete: number;
}

export interface ReconcileInput {
  readonly layout: DayLayout;
  readonly rules: Rules;
  /** Whether the output has other columns than the definition: then none of its days is up to date. */
  readonly hasOtherColumns?: boolean;
  readonly raw: ReadonlyMap<Day, RawDay>;
  readonly output: ReadonlyMap<Day, OutputDay>;
  readonly ledger: ReadonlyMap<Day, LedgerDay>;
  readonly checkpoint: KeptCheckpoint;
}

/**
 * `before` has the result of an earlier reconcile. A day based on the same objects is reused, and so is a whole chunk
 * of days, which only saves time.
 */
export function reconcile(
  input: ReconcileInput,
  before: Pick<Reconciled, 'judged'> | null = null,
): Reconciled {
  const { layout } = input;
  const rules = { ...input.rules, hasOtherColumns: input.hasOtherColumns ?? false };
  const chunks = chunksOf(input);
  const highest = highestIn(layout, chunks);
  const valid = before?.judged.filter((chunk) => chunk.hasOtherColumns === rules.hasOtherColumns);
  const earlier = new Map(valid?.map((chunk) => [chunk.at, chunk]));
  const judged = chunks.map((chunk) => {
    const known = earlier.get(chunk.at);
    if (known && isAsItWas(known, chunk, highest)) return known;
    return judge({ layout, rules }, chunk, highest, known);
  });
  const days = judged.flatMap((chunk) => chunk.days);
  const reached = { highest, completeThrough: completeThrough(judged) };
  return { days, judged, ...readCheckpoint(layout, rules.checkpoint, reached, input.checkpoint) };
}

function chunksOf({ layout, ...maps }: ReconcileInput): Chunk[] {
  const raw = DayMap.of(layout, maps.raw);
  const output = DayMap.of(layout, maps.output);
  const ledger = DayMap.of(layout, maps.ledger);
  return chunkNumbers([raw, output, ledger]).map((at) => ({
    at,
    raw: raw.chunk(at),
    output: output.chunk(at),
    ledger: ledger.chunk(at),
  }));
}

function highestIn(layout: DayLayout, chunks: readonly Chunk[]): Day | null {
  for (const chunk of chunks.toReversed()) {
    const found = evidenceIn(layout, chunk).findLast(countsAsProcessed);
    if (found !== undefined) return found.day;
  }
  return null;
}

function evidenceIn(layout: DayLayout, { raw, output, ledger }: Chunk): Evidence[] {
  return daysIn(layout, [output, ledger, raw]).map((day) => ({
    day,
    raw: raw?.get(day) ?? null,
    output: output?.get(day) ?? null,
    ledger: ledger?.get(day) ?? null,
  }));
}

function isAsItWas(known: JudgedChunk, { raw, output, ledger }: Chunk, highest: Day | null) {
  if (known.raw !== raw || known.output !== output || known.ledger !== ledger) return false;
  return !known.restsOnHighest || known.highest === highest;
}

function judge(
  { layout, rules }: { readonly layout: DayLayout; readonly rules: Judging },
  chunk: Chunk,
  highest: Day | null,
  before: JudgedChunk | undefined,
): JudgedChunk {
  const isLate = (day: Day) => highest !== null && layout.compare(day, highest) < 0;
  const earlier = new Map(before?.days.map((status) => [status.day, status]));
  const days = evidenceIn(layout, chunk).map((evidence) => {
    const known = earlier.get(evidence.day);
    return known && restsOn(known, evidence, isLate)
      ? known
      : stateOf(rules, evidence, isLate(evidence.day));
  });
  const restsOnHighest = days.some(({ state }) => state === 'new' || state === 'late');
  const first = days.findIndex(({ state }) => state !== 'processed' && state !== 'archived');
  const complete = first === -1 ? days.length : first;
  const { hasOtherColumns } = rules;
  return { ...chunk, days, hasOtherColumns, highest, restsOnHighest, complete };
}

/** The highest day up to which every known day is in the output as it should be; null where the first is not. */
function completeThrough(judged: readonly JudgedChunk[]): Day | null {
  const first = judged.findIndex(({ complete, days }) => complete < days.length);
  const whole = judged[first === -1 ? judged.length - 1 : first - 1]?.days.at(-1);
  return (judged[first]?.days[(judged[first]?.complete ?? 0) - 1] ?? whole)?.day ?? null;
}

/** Whether the earlier status of the day is still valid. */
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

interface Judging extends Rules {
  readonly hasOtherColumns: boolean;
}

interface Evidence {
  readonly day: Day;
  readonly raw: RawDay | null;
  readonly output: OutputDay | null;
  readonly ledger: LedgerDay | null;
}

function stateOf(rules: Judging, evidence: Evidence, late: boolean): DayStatus {
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

/** In the output, or empty according to the ledger, and not pending. */
function countsAsProcessed(evidence: Evidence): boolean {
  const { raw, output, ledger } = evidence;
  const ready = raw?.ready ?? false;
  if (ready && ledger?.reprocess) return false;
  if (output !== null) return true;
  const empty = ledger !== null && damageOf(evidence) === null;
  return empty && (ready || raw === null);
}

/** Whether the checkpoint could change if raw days appeared or disappeared while the output stays the same. */
export function checkpointRestsOnRaw(days: readonly DayStatus[]): boolean {
  return days.some(
    ({ output, ledger }) => ledger !== null && (ledger.reprocess || output === null),
  );
}
