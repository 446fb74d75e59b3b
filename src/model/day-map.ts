/**
 * A map of days, in day order and in chunks. A map that is derived from another one shares the unchanged chunks with it,
 * as objects: code that goes through thousands of days can skip those, and reuse earlier results.
 */
import { type Day, type DayLayout, mergeDays } from './day.js';

/** Neighbouring days, and what is known about each. Never empty, never changed. */
export class DayChunk<T> {
  #indexes: Map<Day, number> | null = null;

  constructor(
    /** `DayLayout.chunk` of its days: in another map the same days are in the chunk of the same number. */
    readonly at: number,
    readonly days: readonly Day[],
    readonly values: readonly T[],
  ) {}

  get(day: Day): T | undefined {
    this.#indexes ??= new Map(this.days.map((each, index) => [each, index]));
    const index = this.#indexes.get(day);
    return index === undefined ? undefined : this.values[index];
  }

  *entries(): MapIterator<[Day, T]> {
    for (const [index, day] of this.days.entries()) yield [day, this.values[index] as T];
  }

  isLike({ days, values }: DayChunk<T>): boolean {
    if (days.length !== this.days.length) return false;
    return values.every(
      (value, index) => value === this.values[index] && days[index] === this.days[index],
    );
  }
}

/** Holds no `undefined`. */
export class DayMap<T> implements ReadonlyMap<Day, T> {
  readonly #byNumber: ReadonlyMap<number, DayChunk<T>>;
  readonly size: number;

  constructor(
    readonly layout: DayLayout,
    /** In day order. */
    readonly chunks: readonly DayChunk<T>[],
  ) {
    this.#byNumber = new Map(chunks.map((chunk) => [chunk.at, chunk]));
    this.size = chunks.reduce((size, { days }) => size + days.length, 0);
  }

  /** `map` is in day order. */
  static of<T>(layout: DayLayout, map: ReadonlyMap<Day, T>): DayMap<T> {
    return map instanceof DayMap ? map : DayMap.from(layout, map.keys(), map.values(), null);
  }

  /** From days in order, and a value for each. Reuses what is also in `before`. */
  static from<T>(
    layout: DayLayout,
    days: Iterable<Day>,
    values: Iterable<T>,
    before: DayMap<T> | null,
  ): DayMap<T> {
    const chunks: DayChunk<T>[] = [];
    let open = { at: Number.NaN, days: [] as Day[], values: [] as T[] };
    const value = values[Symbol.iterator]();
    for (const day of days) {
      const at = layout.chunk(day);
      if (open.at !== at) {
        open = { at, days: [], values: [] };
        chunks.push(new DayChunk(at, open.days, open.values));
      }
      open.days.push(day);
      open.values.push(value.next().value as T);
    }
    return new DayMap(
      layout,
      chunks.map((chunk) => before?.sharing(chunk) ?? chunk),
    );
  }

  /** With these days changed, or removed if they are null. */
  with(changes: ReadonlyMap<Day, T | null>): DayMap<T> {
    const { chunk: numberOf, compare } = this.layout;
    const byNumber = new Map(this.#byNumber);
    const numbers = [...new Set([...changes.keys()].map(numberOf))];
    for (const at of numbers) {
      const entries = new Map<Day, T | null>(this.chunk(at)?.entries());
      for (const [day, value] of changes) if (numberOf(day) === at) entries.set(day, value);
      const left = [...entries].filter((entry): entry is [Day, T] => entry[1] !== null);
      left.sort(([a], [b]) => compare(a, b));
      const [days, values] = [left.map(([day]) => day), left.map(([, value]) => value)];
      if (left.length === 0) byNumber.delete(at);
      else byNumber.set(at, this.sharing(new DayChunk(at, days, values)));
    }
    if (numbers.every((at) => byNumber.get(at) === this.chunk(at))) return this;
    const chunks = [...byNumber.values()].sort((a, b) => a.at - b.at);
    return new DayMap(this.layout, chunks);
  }

  /** The chunk of this map, if it holds the same. */
  sharing(chunk: DayChunk<T>): DayChunk<T> {
    const known = this.chunk(chunk.at);
    return known?.isLike(chunk) ? known : chunk;
  }

  chunk(at: number): DayChunk<T> | undefined {
    return this.#byNumber.get(at);
  }

  get(day: Day): T | undefined {
    return this.chunk(this.layout.chunk(day))?.get(day);
  }

  has(day: Day): boolean {
    return this.get(day) !== undefined;
  }

  *entries(): MapIterator<[Day, T]> {
    for (const chunk of this.chunks) yield* chunk.entries();
  }

  *keys(): MapIterator<Day> {
    for (const { days } of this.chunks) yield* days;
  }

  *values(): MapIterator<T> {
    for (const { values } of this.chunks) yield* values;
  }

  [Symbol.iterator](): MapIterator<[Day, T]> {
    return this.entries();
  }

  forEach(call: (value: T, day: Day, map: ReadonlyMap<Day, T>) => void): void {
    for (const [day, value] of this) call(value, day, this);
  }
}

/** The days on which the maps differ. Shared chunks are skipped. */
export function differences<T>(before: DayMap<T> | null, after: DayMap<T>): Difference<T>[] {
  const all: Difference<T>[] = [];
  for (const at of chunkNumbers([before, after])) {
    const [old, now] = [before?.chunk(at), after.chunk(at)];
    if (old === now) continue;
    for (const day of new Set([...(old?.days ?? []), ...(now?.days ?? [])])) {
      const [a, b] = [old?.get(day), now?.get(day)];
      if (a !== b) all.push({ day, before: a, after: b });
    }
  }
  return all;
}

export interface Difference<T> {
  readonly day: Day;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** The days of any of the chunks, in day order. */
export function daysIn(
  layout: DayLayout,
  chunks: readonly (DayChunk<unknown> | undefined)[],
): readonly Day[] {
  return chunks.reduce<readonly Day[]>((all, chunk) => {
    return chunk === undefined ? all : mergeDays(layout, all, chunk.days);
  }, []);
}

/** The whole map as one chunk, if it is not in chunks. */
export function chunksOf<T>(
  map: ReadonlyMap<Day, T>,
): readonly Pick<DayChunk<T>, 'days' | 'values'>[] {
  return map instanceof DayMap
    ? map.chunks
    : [{ days: [...map.keys()], values: [...map.values()] }];
}

/**
 * Calls `think` once for each thing and keeps the result: for chunks of days, most of which stay from one look to the
 * next. Touching thousands of objects that are in no CPU cache takes longer than it seems.
 */
export function oncePer<Thing extends object, Thought>(
  think: (thing: Thing) => Thought,
): (thing: Thing) => Thought {
  const known = new WeakMap<Thing, { readonly thought: Thought }>();
  return (thing) => {
    const before = known.get(thing) ?? { thought: think(thing) };
    known.set(thing, before);
    return before.thought;
  };
}

/** The chunks that any of the maps has, in day order. */
export function chunkNumbers(maps: readonly (DayMap<unknown> | null)[]): number[] {
  const numbers = new Set(maps.flatMap((map) => map?.chunks.map(({ at }) => at) ?? []));
  return [...numbers].sort((a, b) => a - b);
}
