/**
 * A small model of what Daymark should believe: per day what lies raw, what the output holds, and what the
 * ledger remembers. It knows nothing of files, hashes or versions; rows stand for themselves.
 */
import type { DayState } from '../../src/core/reconcile.js';

/** Items by category, all in one hour; enough to tell contents apart. */
export type Contents = Readonly<Record<string, number>>;

export type RawTruth =
  | { readonly kind: 'gone' }
  /** A folder without a file. */
  | { readonly kind: 'waiting' }
  /** `stamp` is new with every write. */
  | { readonly kind: 'good'; readonly contents: Contents; readonly stamp: number }
  | { readonly kind: 'bad'; readonly stamp: number };

interface LedgerTruth {
  readonly lines: readonly string[];
  readonly stamp: number | null;
  readonly reprocess: boolean;
  readonly damaged: boolean;
}

interface DayTruth {
  raw: RawTruth;
  /** Lines of the output, in canonical order; a line twice is a day counted twice. */
  lines: readonly string[];
  ledger: LedgerTruth | null;
}

export const dayNames = ['0', '1', '2', '3', '10'] as const;

export class Truth {
  readonly days = new Map<string, DayTruth>(
    dayNames.map((day) => [day, { raw: { kind: 'gone' }, lines: [], ledger: null }]),
  );
  /** What the checkpoint store holds. */
  stored: string | null = null;
  /** Whether there is a commit record; without one the output is adopted as it is. */
  hasLedger = false;

  of(day: string): DayTruth {
    const found = this.days.get(day);
    if (found === undefined) throw new Error(`the model has no day ${day}`);
    return found;
  }

  // ------------------------------------------------------------ what is believed

  /** Null for a day that is nowhere. */
  stateOf(day: string): DayState | null {
    const { raw, lines, ledger } = this.of(day);
    const known = lines.length > 0 || ledger !== null;
    if (raw.kind === 'gone' && !known) return null;
    if (this.#isWrong(day)) return 'damaged';
    if (raw.kind === 'waiting' && lines.length === 0) return 'waiting';
    if (raw.kind === 'gone' || raw.kind === 'waiting') return 'archived';
    if (!known) return this.#isBelowCheckpoint(day) ? 'late' : 'new';
    if (ledger?.reprocess) return 'rewound';
    return (ledger?.stamp ?? raw.stamp) === raw.stamp ? 'processed' : 'changed';
  }

  states(): Record<string, DayState> {
    return Object.fromEntries(
      dayNames.map((day) => [day, this.stateOf(day)]).filter(([, state]) => state !== null),
    );
  }

  checkpoint(): string | null {
    return dayNames.findLast((day) => this.#counts(day)) ?? null;
  }

  reading(): string {
    const right = this.checkpoint();
    if (this.stored === right) return 'embedded';
    if (this.stored === null) return 'missing';
    if (!/^(0|[1-9][0-9]*)$/.test(this.stored)) return 'invalid';
    return right === null || Number(this.stored) > Number(right) ? 'ahead' : 'behind';
  }

  pending(day: string): boolean {
    const ready = this.isReady(day);
    return ready && !['processed', null].includes(this.stateOf(day));
  }

  isReady(day: string): boolean {
    return ['good', 'bad'].includes(this.of(day).raw.kind);
  }

  output(): string {
    const rows = dayNames.flatMap((day) => this.of(day).lines);
    return ['day_of_week,hour_of_day,category,items_count', ...rows, ''].join('\n');
  }

  #isWrong(day: string): boolean {
    const { lines, ledger } = this.of(day);
    if (new Set(lines.map(keyOf)).size < lines.length) return true;
    if (ledger === null) return false;
    return ledger.damaged || ledger.lines.join() !== lines.join();
  }

  #counts(day: string): boolean {
    const { raw, lines, ledger } = this.of(day);
    const ready = this.isReady(day);
    if (ready && ledger?.reprocess) return false;
    if (lines.length > 0) return true;
    return ledger !== null && !this.#isWrong(day) && raw.kind !== 'waiting';
  }

  #isBelowCheckpoint(day: string): boolean {
    const checkpoint = this.checkpoint();
    return checkpoint !== null && Number(day) < Number(checkpoint);
  }

  // ------------------------------------------------------------ what changes it

  /** A run that takes `days`: good ones are replaced, bad ones stay; all others are put on record. */
  commit(days: readonly string[], marks: readonly string[] = []): void {
    const taken = days.filter((day) => this.of(day).raw.kind === 'good');
    const states = this.states();
    const anything =
      this.hasLedger || taken.length > 0 || dayNames.some((day) => this.of(day).lines.length > 0);
    if (!anything) return;
    this.hasLedger = true;
    for (const day of dayNames) {
      if (taken.includes(day)) this.#replace(day);
      else this.#record(day, states[day]);
    }
    for (const day of marks) {
      const truth = this.of(day);
      if (truth.ledger !== null) truth.ledger = { ...truth.ledger, reprocess: true };
    }
  }

  #replace(day: string): void {
    const truth = this.of(day);
    if (truth.raw.kind !== 'good') return;
    truth.lines = linesOf(day, truth.raw.contents);
    const { lines, raw } = truth;
    truth.ledger = { lines, stamp: raw.stamp, reprocess: false, damaged: false };
  }

  #record(day: string, state: DayState | undefined): void {
    const truth = this.of(day);
    const { lines, ledger, raw } = truth;
    if (ledger === null) {
      if (lines.length === 0) return;
      const known = state === 'processed' && (raw.kind === 'good' || raw.kind === 'bad');
      const doubled = new Set(lines.map(keyOf)).size < lines.length;
      truth.ledger = { lines, stamp: known ? raw.stamp : null, reprocess: false, damaged: doubled };
    } else if (ledger.lines.join() !== lines.join()) {
      truth.ledger = { ...ledger, lines, damaged: true };
    }
  }

  forgetLedger(): void {
    this.hasLedger = false;
    for (const truth of this.days.values()) truth.ledger = null;
  }
}

export function linesOf(day: string, contents: Contents): string[] {
  return Object.entries(contents)
    .filter(([, items]) => items > 0)
    .map(([category, items]) => `${day},8,${category},${items}`)
    .sort();
}

function keyOf(line: string): string {
  return line.slice(0, line.lastIndexOf(','));
}
