/**
 * A small model of what Daymark should believe: per day what lies raw, what the output holds, and what the
 * ledger remembers. It knows nothing of files, hashes or versions; rows stand for themselves.
 */
import type { DayState } from '../../src/core/reconcile.js';
import type { Calendar } from './calendar.js';

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

/** In the checkpoint store, where a value should be. */
export const otherType = Symbol('another type');

export class Truth {
  readonly days: ReadonlyMap<string, DayTruth>;
  /** What the checkpoint store holds. */
  stored: string | null | typeof otherType = null;
  /** Whether the checkpoint store can be asked. */
  reachable = true;
  /** Whether a service may have put the checkpoint right before it was asked, as it does by itself. */
  mayBeRight = false;
  /** Whether there is a commit record; without one the output is adopted as it is. */
  hasLedger = false;
  /** The output, byte for byte; null where there is none. */
  text: string | null = null;
  /** What others wrote and a commit replaced: a copy of each must be kept. */
  readonly kept = new Set<string>();
  #stamps = 0;

  constructor(readonly calendar: Calendar) {
    this.days = new Map(
      calendar.days.map((day) => [day, { raw: { kind: 'gone' }, lines: [], ledger: null }]),
    );
  }

  get names(): readonly string[] {
    return this.calendar.days;
  }

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
      this.names.map((day) => [day, this.stateOf(day)]).filter(([, state]) => state !== null),
    );
  }

  checkpoint(): string | null {
    return this.names.findLast((day) => this.#counts(day)) ?? null;
  }

  reading(): string {
    const right = this.checkpoint();
    if (!this.reachable) return 'unavailable';
    if (this.stored === right) return 'in-sync';
    if (this.stored === null) return 'missing';
    if (this.stored === otherType) return 'wrong-type';
    if (!this.calendar.isDay(this.stored)) return 'invalid';
    return right === null || this.calendar.compare(this.stored, right) > 0 ? 'ahead' : 'behind';
  }

  pending(day: string): boolean {
    const ready = this.isReady(day);
    return ready && !['processed', null].includes(this.stateOf(day));
  }

  isReady(day: string): boolean {
    return ['good', 'bad'].includes(this.of(day).raw.kind);
  }

  output(): string {
    const rows = this.names.flatMap((day) => this.of(day).lines);
    return [this.calendar.header, ...rows, ''].join('\n');
  }

  #isWrong(day: string): boolean {
    const { lines, ledger } = this.of(day);
    if (new Set(lines.map(keyOf)).size < lines.length) return true;
    if (ledger === null) return false;
    return ledger.damaged || ledger.lines.join() !== lines.join();
  }

  #isEdited(day: string): boolean {
    const { lines, ledger } = this.of(day);
    return (ledger?.lines ?? []).join() !== lines.join();
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
    return checkpoint !== null && this.calendar.compare(day, checkpoint) < 0;
  }

  // ------------------------------------------------------------ what changes it

  /** A service looked: it has put the checkpoint right, where it could. */
  seen(): void {
    if (this.reachable && this.stored !== otherType) this.stored = this.checkpoint();
  }

  land(day: string, raw: { kind: 'good'; contents: Contents } | { kind: 'bad' }): number {
    this.#stamps += 1;
    this.of(day).raw = { ...raw, stamp: this.#stamps };
    return this.#stamps;
  }

  /** Someone else wrote the output. */
  edited(text: string | null): void {
    this.text = text;
    const rows = text?.split('\n').slice(1, -1) ?? [];
    for (const day of this.names) {
      // Rows with the same key stay in the order of the file.
      this.of(day).lines = rows.filter((row) => row.startsWith(`${day},`)).sort(byKey);
    }
  }

  /** A run that takes `days`: good ones are replaced, bad ones stay; all others are put on record. */
  commit(days: readonly string[], marks: readonly string[] = []): void {
    const taken = days.filter((day) => this.of(day).raw.kind === 'good');
    const states = this.states();
    // The output as the head record says, or the work of someone else.
    const wasOurs = this.hasLedger && this.names.every((day) => !this.#isEdited(day));
    const anything =
      this.hasLedger || taken.length > 0 || this.names.some((day) => this.of(day).lines.length > 0);
    if (!anything) return;
    this.hasLedger = true;
    for (const day of this.names) {
      if (taken.includes(day)) this.#replace(day);
      else this.#record(day, states[day]);
    }
    for (const day of marks) {
      const truth = this.of(day);
      if (truth.ledger !== null) truth.ledger = { ...truth.ledger, reprocess: true };
    }
    const text = this.output();
    if (this.text !== null && this.text !== text && !wasOurs) this.kept.add(this.text);
    this.text = text;
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

function byKey(a: string, b: string): number {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function keyOf(line: string): string {
  return line.slice(0, line.lastIndexOf(','));
}
