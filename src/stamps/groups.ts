import type { Looker } from './native-stat.js';
import { isAsItWas, type StampedPath } from './stamp.js';

/** Paths that are looked at, and told of, together. */
export type WatchedGroup = readonly [key: string, paths: readonly StampedPath[]];

export interface GroupsChange {
  /** The folder that most paths lie below. */
  readonly root: string;
  /** A key that is there already is replaced. */
  readonly watch: readonly WatchedGroup[];
  readonly forget: readonly string[];
}

interface Group {
  readonly paths: readonly StampedPath[];
  readonly looks: readonly (() => boolean)[];
}

/** Groups of paths, and which of them are no longer as they were. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #looker: Looker;
  #paths = 0;

  constructor(looker: Looker = plainLooker) {
    this.#looker = looker;
  }

  /** How many paths there are in all. */
  get paths(): number {
    return this.#paths;
  }

  apply({ root, watch, forget }: GroupsChange): void {
    for (const key of forget) this.#remove(key);
    for (const [key, paths] of watch) {
      this.#remove(key);
      const looks = paths.map((path) => this.#looker.lookAt(path, root));
      this.#groups.set(key, { paths, looks });
      this.#paths += paths.length;
    }
  }

  /** Looks at every path at once, on the calling thread; calls `onGroup` between two groups. */
  changed(onGroup: () => void = () => {}): string[] {
    this.#looker.begin();
    try {
      const changed: string[] = [];
      for (const [key, { looks }] of this.#groups) {
        if (!looks.every((isSame) => isSame())) changed.push(key);
        onGroup();
      }
      return changed;
    } finally {
      this.#looker.end();
    }
  }

  /** All that is watched. */
  all(): WatchedGroup[] {
    return [...this.#groups].map(([key, { paths }]) => [key, paths]);
  }

  clear(): void {
    this.#groups.clear();
    this.#paths = 0;
  }

  #remove(key: string): void {
    this.#paths -= this.#groups.get(key)?.paths.length ?? 0;
    this.#groups.delete(key);
  }
}

const plainLooker: Looker = {
  begin: () => {},
  lookAt: (path) => () => isAsItWas(path),
  end: () => {},
};
