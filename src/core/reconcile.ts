/**
 * Reconcile: combines what the raw root, the output, the ledger and the checkpoint say.
 *
 * A pure function: it decides, others act. The output is the truth about which days are processed, the
 * ledger records what they were made from, the checkpoint is a copy that is corrected. `day-status.ts` has the states.
 */

import type { Day, DayLayout } from '../model/day.js';
import { chunkNumbers, type DayChunk, DayMap, daysIn } from '../model/day-map.js';
import type { LedgerDay, OutputDay } from '../model/ledger.js';
import type { Rules } from '../model/rules.js';
import { type KeptCheckpoint, type ReadCheckpoint, readCheckpoint } from './checkpoint-reading.js';
import {
  countsAsProcessed,
  type DayStatus,
  type Evidence,
  type Judging,
  stateOf,
} from './day-status.js';
import type { RawDay } from './ports/raw.js';

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

/** Whether the checkpoint could change if raw days appeared or disappeared while the output stays the same. */
export function checkpointRestsOnRaw(days: readonly DayStatus[]): boolean {
  return days.some(
    ({ output, ledger }) => ledger !== null && (ledger.reprocess || output === null),
  );
}
