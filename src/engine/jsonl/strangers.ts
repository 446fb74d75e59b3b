import { differenceOf, folded, madeVisible } from '../header-names.js';
import { shorten } from '../problems.js';

/** More names are not compared with those of columns. */
const mostStrangers = 1000;

export interface Similar {
  /** To follow a sentence about the field that is missed. */
  readonly words: string;
  /** The first that had it. */
  readonly line: number;
}

/** Fields that are not declared: one may be a column whose name is slightly another. */
export class Strangers {
  readonly #met = new Set<string>();
  /** By what people take for the same name. */
  readonly #similar = new Map<string, { readonly name: string; readonly line: number }>();

  meet(name: string, line: number): void {
    if (this.#met.size >= mostStrangers || this.#met.has(name)) return;
    this.#met.add(name);
    const key = folded(name);
    if (!this.#similar.has(key)) this.#similar.set(key, { name, line });
  }

  similarTo(meant: string): Similar | null {
    const key = folded(meant);
    // A name of signs alone would be similar to every other.
    const found = key === '' ? undefined : this.#similar.get(key);
    if (found === undefined) return null;
    const { name, line } = found;
    const shown = JSON.stringify(shorten(madeVisible(name)));
    return { words: `, but ${shown} is probably the same ${differenceOf(name, meant)}`, line };
  }
}
