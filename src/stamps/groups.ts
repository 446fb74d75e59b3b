import { isAsItWas, type StampedPath } from './stamp.js';

/** Paths that are looked at, and told of, together. */
export type WatchedGroup = readonly [key: string, paths: readonly StampedPath[]];

export interface GroupsChange {
  /** A key that is there already is replaced. */
  readonly watch: readonly WatchedGroup[];
  readonly forget: readonly string[];
}

/** Groups of paths, and which of them are no longer as they were. */
export class Groups {
  readonly #groups = new Map<string, readonly StampedPath[]>();
  #paths = 0;

  /** How many paths there are in all. */
  get paths(): number {
    return this.#paths;
  }

  apply({ watch, forget }: GroupsChange): void {
    for (const key of forget) this.#remove(key);
    for (const [key, paths] of watch) {
      this.#remove(key);
      this.#groups.set(key, paths);
      this.#paths += paths.length;
    }
  }

  /** Looks at every path at once, on the calling thread. */
  changed(): string[] {
    const changed: string[] = [];
    for (const [key, paths] of this.#groups) if (!paths.every(isAsItWas)) changed.push(key);
    return changed;
  }

  /** All that is watched. */
  all(): WatchedGroup[] {
    return [...this.#groups];
  }

  clear(): void {
    this.#groups.clear();
    this.#paths = 0;
  }

  #remove(key: string): void {
    this.#paths -= this.#groups.get(key)?.length ?? 0;
    this.#groups.delete(key);
  }
}
