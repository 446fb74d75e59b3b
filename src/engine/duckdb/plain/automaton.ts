/** Patterns as one table, by which a byte is one step: "regular expression to DFA" of the textbooks. */
import { type Pattern, parsePattern } from './pattern.js';

/** Begins in state 0. */
export interface Automaton {
  /** By byte: bytes of one class are never told apart. */
  readonly classes: Uint8Array;
  /** By state and class: the next state; −1 where no text goes on. */
  readonly next: readonly Int16Array[];
  /** By state: whether the text may end here. */
  readonly accepts: readonly boolean[];
}

/** `accepts` is told, of a whole text, which of the patterns match it. */
export function automatonOf(
  patterns: readonly string[],
  accepts: (matches: readonly boolean[]) => boolean,
): Automaton {
  const graph = new Graph();
  const ends = patterns.map((each) => graph.add(parsePattern(each), 0));
  const { classes, samples } = graph.byteClasses();
  const next: Int16Array[] = [];
  const start = graph.reach([0]);
  const places = new Map([[start.join(), 0]]);
  const states = [start];
  for (const state of states) {
    const steps = samples.map((byte) => {
      const reached = graph.reach(graph.step(state, byte));
      if (reached.length === 0) return -1;
      const key = reached.join();
      const place = places.get(key) ?? states.push(reached) - 1;
      places.set(key, place);
      return place;
    });
    next.push(Int16Array.from(steps));
  }
  const isAccepted = states.map((state) => accepts(ends.map((end) => state.includes(end))));
  return { classes, ...smallest(next, isAccepted) };
}

/** Points, with steps between them that take a byte, and others that take none. Point 0 is the start. */
class Graph {
  readonly #steps: { readonly of: ReadonlySet<number>; readonly to: number }[][] = [[]];
  readonly #skips: number[][] = [[]];

  /** Returns the point where the pattern ends. No step leads back to `from`. */
  add(pattern: Pattern, from: number): number {
    if (pattern.kind === 'sequence')
      return pattern.parts.reduce((at, part) => this.add(part, at), from);
    if (pattern.kind === 'repeat') return this.#repeat(pattern, from);
    const end = this.#steps.push([]) - 1;
    this.#skips.push([]);
    if (pattern.kind === 'byte') this.#steps[from]?.push({ of: pattern.of, to: end });
    else for (const part of pattern.parts) this.#skip(this.add(part, from), end);
    return end;
  }

  #repeat({ part, least, most }: Pattern & { readonly kind: 'repeat' }, from: number): number {
    let at = from;
    for (let count = 0; count < least; count += 1) at = this.add(part, at);
    const end = this.add({ kind: 'choice', parts: [] }, at);
    this.#skip(at, end);
    if (most === Number.POSITIVE_INFINITY) this.#skip(this.add(part, end), end);
    else
      for (let count = least; count < most; count += 1) {
        at = this.add(part, at);
        this.#skip(at, end);
      }
    return end;
  }

  #skip(from: number, to: number): void {
    this.#skips[from]?.push(to);
  }

  step(points: readonly number[], byte: number): number[] {
    return points.flatMap((point) =>
      (this.#steps[point] ?? []).filter(({ of }) => of.has(byte)).map(({ to }) => to),
    );
  }

  /** With the points that are reached without a byte, in order. */
  reach(points: readonly number[]): number[] {
    const reached = new Set(points);
    for (const point of reached) for (const to of this.#skips[point] ?? []) reached.add(to);
    return [...reached].sort((a, b) => a - b);
  }

  /** And a byte of each class. */
  byteClasses(): { readonly classes: Uint8Array; readonly samples: readonly number[] } {
    const sets = [...new Set(this.#steps.flat().map(({ of }) => of))];
    const known = new Map<string, number>();
    const samples: number[] = [];
    const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
      const key = sets.map((of) => (of.has(byte) ? 1 : 0)).join('');
      const place = known.get(key) ?? samples.push(byte) - 1;
      known.set(key, place);
      return place;
    });
    return { classes, samples };
  }
}

type Steps = Pick<Automaton, 'next' | 'accepts'>;

/** Makes one of states from which the same texts are accepted, as Moore did. */
function smallest(next: readonly Int16Array[], accepts: readonly boolean[]): Steps {
  let groups = accepts.map(Number);
  for (let count = 0; ; ) {
    const known = new Map<string, number>();
    groups = next.map((steps, state) => {
      const key = `${groups[state]}:${steps.map((to) => (to === -1 ? -1 : (groups[to] as number))).join()}`;
      const group = known.get(key) ?? known.size;
      known.set(key, group);
      return group;
    });
    if (known.size === count) break;
    count = known.size;
  }
  // Groups are numbered by their first states, so that of the start comes first.
  const firsts = [...new Set(groups)].map((group) => groups.indexOf(group));
  return {
    next: firsts.map((state) =>
      (next[state] as Int16Array).map((to) => (to === -1 ? -1 : (groups[to] as number))),
    ),
    accepts: firsts.map((state) => accepts[state] as boolean),
  };
}
