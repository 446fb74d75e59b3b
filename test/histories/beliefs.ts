/**
 * What Daymark should believe of a world: per day what lies raw, what the output holds, and what the ledger
 * remembers. It knows nothing of files, hashes or versions; rows stand for themselves.
 */

import type { DayState } from '../../src/model/day-state.js';
import type { Adoption } from '../../src/model/ledger.js';
import type { Calendar } from './calendar.js';
import { type Made, madeOf } from './oracle.js';
import { holds, isDoubled, type Shape, shapeOf } from './output-shape.js';
import { isPicked, type Picked } from './raw-place.js';
import type { Sheet } from './raw-table.js';
import type { RawDays } from './raw-truth.js';
import type { ModelRules } from './rules.js';
import { type Spec, specKey } from './spec.js';

/** What lies raw, as the dataset sees it. */
export type RawView = { readonly kind: 'gone' | 'waiting' } | (Made & { readonly stamp: number });

/** What a dataset is made from, and stays what it is. */
export interface Ground {
  readonly calendar: Calendar;
  readonly raw: RawDays;
  readonly delimiter: string;
  readonly picked: Picked;
  /** Whether a day whose files are another dataset's has a folder all the same. */
  readonly hasFolders: boolean;
}

export interface LedgerTruth {
  readonly lines: readonly string[];
  /** Null where no raw data of the day was ever looked at. */
  readonly stamp: number | null;
  /** Null for a day that Daymark made. */
  readonly adopted: Adoption | null;
  /** Null where no one knows. */
  readonly definition: string | null;
  readonly reprocess: boolean;
  readonly damaged: boolean;
}

export interface DayTruth {
  /** Lines of the output, in canonical order; a line twice is a day counted twice. */
  lines: readonly string[];
  ledger: LedgerTruth | null;
}

/** A day is judged many times between two landings. */
const made = new WeakMap<readonly Sheet[], Map<string, Made | null>>();

function remembered(sheets: readonly Sheet[], name: string, make: () => Made | null): Made | null {
  const known = made.get(sheets) ?? new Map<string, Made | null>();
  made.set(sheets, known);
  const found = known.get(name) ?? make();
  known.set(name, found);
  return found;
}

/** In the checkpoint store, where a value should be. */
export const otherType = Symbol('another type');

export class Beliefs {
  readonly days: ReadonlyMap<string, DayTruth>;
  /** What the checkpoint store holds. */
  stored: string | null | typeof otherType = null;
  /** Whether the checkpoint store can be asked. */
  reachable = true;
  /** Whether a service may have put the checkpoint right before it was asked, as it does by itself. */
  mayBeRight = false;
  /** By which the head was committed; null without a head record that can be read: the output is then adopted. */
  committedBy: ModelRules | null = null;
  /** In whose columns the head record describes the output; null without one. */
  headSpec: Spec | null = null;
  /** The head record is there and cannot be read, which must be told. */
  unreadable = false;
  /** Processes with other settings have been there: what they did may be told for long. */
  rulesChanged = false;
  /** The output, byte for byte; null where there is none. */
  text: string | null = null;
  /** What others wrote and a commit replaced: a copy of each must be kept. */
  readonly kept = new Set<string>();

  constructor(
    readonly ground: Ground,
    /** Of the process that is asked. */
    public rules: ModelRules,
  ) {
    this.days = new Map(ground.calendar.days.map((day) => [day, { lines: [], ledger: null }]));
  }

  get calendar(): Calendar {
    return this.ground.calendar;
  }

  /** Of the definition. */
  get shape(): Shape {
    return shapeOf(this.rules.spec, this.calendar);
  }

  /** Whether the head record describes rows that the definition's columns do not hold. */
  get headDiffers(): boolean {
    return this.headSpec !== null && !holds(this.shape, shapeOf(this.headSpec, this.calendar));
  }

  /** Whether the output has other columns than the definition: all of its days change at once, or none. */
  get changesColumns(): boolean {
    return this.text !== null && this.headDiffers;
  }

  /** In whose columns the output is. */
  get outputSpec(): Spec {
    return (this.changesColumns ? this.headSpec : null) ?? this.rules.spec;
  }

  get outputShape(): Shape {
    return shapeOf(this.outputSpec, this.calendar);
  }

  get hasLedger(): boolean {
    return this.committedBy !== null;
  }

  get names(): readonly string[] {
    return this.calendar.days;
  }

  of(day: string): DayTruth {
    const found = this.days.get(day);
    if (found === undefined) throw new Error(`the model has no day ${day}`);
    return found;
  }

  rawOf(day: string): RawView {
    const { raw, hasFolders } = this.ground;
    const found = raw.of(day).raw;
    if (found.kind !== 'landed') return found;
    const comesTo = this.madeBy(this.rules.spec, day);
    if (comesTo !== null) return { ...comesTo, stamp: found.stamp };
    return hasFolders ? { kind: 'waiting' } : { kind: 'gone' };
  }

  /** What its raw files come to; null where there are none. */
  madeBy(spec: Spec, day: string): Made | null {
    const { raw, picked } = this.ground;
    const found = raw.of(day).raw;
    if (found.kind !== 'landed') return null;
    return remembered(found.sheets, `${day} ${picked} ${specKey(spec)}`, () => {
      const sheets = found.sheets.filter(({ name }) => isPicked(picked, name));
      return sheets.length === 0 ? null : madeOf(spec, this.ground, day, sheets);
    });
  }

  // ------------------------------------------------------------ what is believed

  /** Null for a day that is nowhere. */
  stateOf(day: string): DayState | null {
    const { lines, ledger } = this.of(day);
    const raw = this.rawOf(day);
    const known = lines.length > 0 || ledger !== null;
    if (raw.kind === 'gone' && !known) return null;
    if (this.#isWrong(day)) return 'damaged';
    if (raw.kind === 'waiting' && lines.length === 0) return 'waiting';
    if (!('stamp' in raw)) return 'archived';
    if (!known) return this.#isBelowHighest(day) ? 'late' : 'new';
    return this.#stateOfKnown(ledger, raw.stamp);
  }

  #stateOfKnown(ledger: LedgerTruth | null, stamp: number): DayState {
    if (ledger?.reprocess) return 'rewound';
    if (this.#isUnverified(ledger)) return 'unverified';
    if ((ledger?.stamp ?? stamp) !== stamp) return 'changed';
    const definition = specKey(this.rules.spec);
    if (ledger === null) return this.changesColumns ? 'outdated' : 'processed';
    return (ledger.definition ?? definition) === definition ? 'processed' : 'outdated';
  }

  states(): Record<string, DayState> {
    return Object.fromEntries(
      this.names.map((day) => [day, this.stateOf(day)]).filter(([, state]) => state !== null),
    );
  }

  checkpoint(): string | null {
    return this.rules.checkpoint === 'complete' ? this.completeThrough() : this.highest();
  }

  highest(): string | null {
    return this.names.findLast((day) => this.#counts(day)) ?? null;
  }

  /** The last day before the first one that is not in the output as it should be. */
  completeThrough(): string | null {
    const known = this.names.filter((day) => this.stateOf(day) !== null);
    const isComplete = (day: string) =>
      ['processed', 'archived'].includes(this.stateOf(day) as string);
    const first = known.findIndex((day) => !isComplete(day));
    return known.slice(0, first === -1 ? known.length : first).at(-1) ?? null;
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
    return this.isReady(day) && !['processed', null].includes(this.stateOf(day));
  }

  isReady(day: string): boolean {
    return ['good', 'bad'].includes(this.rawOf(day).kind);
  }

  output(): string {
    const rows = this.names.flatMap((day) => this.of(day).lines);
    return [this.outputShape.header, ...rows, ''].join('\n');
  }

  /** Days of someone else with no raw data to compare them with, that no record names yet. */
  foreignDays(): string[] {
    return this.names.filter(
      (day) => this.of(day).lines.length > 0 && !this.of(day).ledger && !this.isReady(day),
    );
  }

  damagedArchivedDays(): string[] {
    return this.names.filter((day) => this.stateOf(day) === 'damaged' && !this.isReady(day));
  }

  outdatedArchivedDays(): string[] {
    const definition = specKey(this.rules.spec);
    return this.names.filter((day) => {
      const made = this.of(day).ledger?.definition ?? definition;
      return this.stateOf(day) === 'archived' && made !== definition;
    });
  }

  /** Its rows are believed without a look at its raw data. */
  isTrusted(day: string): boolean {
    const { ledger, lines } = this.of(day);
    if (this.stateOf(day) !== 'processed') return false;
    return ledger === null ? lines.length > 0 : ledger.adopted === 'trusted';
  }

  #isUnverified(ledger: LedgerTruth | null): boolean {
    if (ledger === null) return this.rules.adopt === 'compare';
    return ledger.adopted === 'unverified';
  }

  #isWrong(day: string): boolean {
    const { lines, ledger } = this.of(day);
    if (isDoubled(lines, this.outputShape)) return true;
    if (ledger === null) return false;
    return ledger.damaged || ledger.lines.join() !== lines.join();
  }

  protected isEdited(day: string): boolean {
    const { lines, ledger } = this.of(day);
    return (ledger?.lines ?? []).join() !== lines.join();
  }

  #counts(day: string): boolean {
    const { lines, ledger } = this.of(day);
    const ready = this.isReady(day);
    if (ready && ledger?.reprocess) return false;
    if (lines.length > 0) return true;
    return ledger !== null && !this.#isWrong(day) && this.rawOf(day).kind !== 'waiting';
  }

  #isBelowHighest(day: string): boolean {
    const highest = this.highest();
    return highest !== null && this.calendar.compare(day, highest) < 0;
  }
}
