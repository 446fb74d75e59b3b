/** What lies raw, whatever is made of it. All datasets of a history see the same files. */
import type { Calendar } from './calendar.js';
import type { Sheet } from './raw-table.js';

export type RawTruth =
  | { readonly kind: 'gone' }
  /** A folder without a file. */
  | { readonly kind: 'waiting' }
  /** `stamp` is new with every write. */
  | { readonly kind: 'landed'; readonly sheets: readonly Sheet[]; readonly stamp: number };

export interface RawDayTruth {
  raw: RawTruth;
  /** Raw data that was moved away, and may come back as it was. */
  aside: RawTruth | null;
}

export class RawDays {
  #stamps = 0;
  readonly #days: ReadonlyMap<string, RawDayTruth>;

  constructor({ days }: Calendar) {
    this.#days = new Map(days.map((day) => [day, { raw: { kind: 'gone' }, aside: null }]));
  }

  of(day: string): RawDayTruth {
    const found = this.#days.get(day);
    if (found === undefined) throw new Error(`the model has no day ${day}`);
    return found;
  }

  land(day: string, sheets: readonly Sheet[]): number {
    this.of(day).raw = this.touched({ kind: 'landed', sheets, stamp: 0 });
    return this.#stamps;
  }

  /** As another write of the same. */
  touched(raw: RawTruth): RawTruth {
    if (raw.kind !== 'landed') return raw;
    this.#stamps += 1;
    return { ...raw, stamp: this.#stamps };
  }
}
