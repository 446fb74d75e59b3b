/** The model of a world: what happens to it, and what a commit makes of it. */
import type { DayState } from '../../src/model/day-state.js';
import { Beliefs, otherType } from './beliefs.js';
import { byKey, isDoubled } from './output-shape.js';
import { type Spec, specKey } from './spec.js';

export { otherType } from './beliefs.js';

export class Truth extends Beliefs {
  /** A service looked: it has put the checkpoint right, where it could. */
  seen(): void {
    if (this.reachable && this.stored !== otherType) this.stored = this.checkpoint();
  }

  /** Someone else wrote the output. */
  edited(text: string | null): void {
    this.text = text;
    const rows = text?.split('\n').slice(1, -1) ?? [];
    for (const day of this.names) {
      // Rows with the same key stay in the order of the file.
      this.of(day).lines = rows
        .filter((row) => row.startsWith(`${day},`))
        .sort(byKey(this.outputShape));
    }
  }

  /**
   * A run that takes `days`: good ones are replaced, bad ones stay; all others are put on record. Where someone
   * else's file took the output's place in the last instant, it is `displaced`.
   */
  commit(days: readonly string[], marks: readonly string[] = [], displaced?: string): void {
    const taken = days.filter((day) => this.rawOf(day).kind === 'good');
    const states = this.states();
    // The output as the head record says, or the work of someone else.
    const wasOurs = this.hasLedger && this.names.every((day) => !this.isEdited(day));
    if (!this.hasLedger && taken.length === 0 && this.text === null) return;
    const headSpec = this.#specAfter(taken);
    this.committedBy = this.rules;
    this.unreadable = false;
    for (const day of this.names) {
      if (taken.includes(day)) this.#replace(day);
      else this.#record(day, states[day]);
    }
    for (const day of marks) {
      const truth = this.of(day);
      if (truth.ledger !== null) truth.ledger = { ...truth.ledger, reprocess: true };
    }
    this.headSpec = headSpec;
    this.#publish(this.output(), wasOurs, displaced);
  }

  /** The columns change with the last row that is in the former ones. */
  #specAfter(taken: readonly string[]): Spec {
    const held = this.names.filter((day) => this.of(day).lines.length > 0);
    return held.every((day) => taken.includes(day)) ? this.rules.spec : this.outputSpec;
  }

  #publish(text: string, wasOurs: boolean, displaced: string | undefined): void {
    if (this.text === text) return;
    if (displaced !== undefined) this.kept.add(displaced);
    else if (this.text !== null && !wasOurs) this.kept.add(this.text);
    this.text = text;
  }

  #replace(day: string): void {
    const [truth, raw] = [this.of(day), this.rawOf(day)];
    if (raw.kind !== 'good') return;
    const { lines } = raw;
    truth.lines = lines;
    const definition = specKey(this.rules.spec);
    const made = { adopted: null, definition, reprocess: false, damaged: false };
    truth.ledger = { lines, stamp: raw.stamp, ...made };
  }

  #record(day: string, state: DayState | undefined): void {
    const truth = this.of(day);
    const { lines, ledger } = truth;
    const raw = this.rawOf(day);
    if (ledger === null) {
      if (lines.length === 0) return;
      const trusted = state === 'processed' && (raw.kind === 'good' || raw.kind === 'bad');
      truth.ledger = {
        lines,
        stamp: trusted ? raw.stamp : null,
        adopted: trusted ? 'trusted' : 'unverified',
        definition: trusted ? specKey(this.rules.spec) : null,
        reprocess: false,
        damaged: isDoubled(lines, this.outputShape),
      };
    } else if (ledger.lines.join() !== lines.join()) {
      truth.ledger = { ...ledger, lines, damaged: true };
    }
  }

  /** Whether such a commit would have to write the output. Forgets what it was: to be asked of a clone. */
  committing(days: readonly string[]): boolean {
    const before = this.text;
    this.commit(days);
    return this.text !== before;
  }

  clone(): Truth {
    const { ground, rules, committedBy, headSpec, text } = this;
    const clone = Object.assign(new Truth(ground, rules), { committedBy, headSpec, text });
    for (const [day, truth] of this.days) Object.assign(clone.of(day), truth);
    return clone;
  }

  forgetLedger(): void {
    this.committedBy = null;
    this.headSpec = null;
    for (const truth of this.days.values()) truth.ledger = null;
  }
}
