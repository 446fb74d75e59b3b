import { Groups, type GroupsChange } from './groups.js';
import { StampThreads } from './stamp-threads.js';

/** None: a stat that a mount does not answer must hold up a thread that has nothing else to do. */
const usualMostAtOnce = 0;

export interface StampWatchOptions {
  /** How many paths are looked at on the calling thread; beyond, other threads do it. */
  readonly mostAtOnce?: number;
  /** For tests: what the threads run. */
  readonly thread?: URL;
}

/** Groups of paths that are checked for changes on request. */
export class StampWatch {
  readonly #groups = new Groups();
  readonly #threads: StampThreads;
  readonly #mostAtOnce: number;
  #onThreads = false;

  constructor({ mostAtOnce = usualMostAtOnce, thread }: StampWatchOptions = {}) {
    this.#mostAtOnce = mostAtOnce;
    this.#threads = new StampThreads(thread);
  }

  update(change: GroupsChange): void {
    this.#groups.apply(change);
    if (this.#onThreads) {
      this.#threads.update(change);
    } else if (this.#groups.paths > this.#mostAtOnce) {
      this.#onThreads = true;
      this.#threads.update({ ...change, watch: this.#groups.all(), forget: [] });
    }
  }

  /**
   * The keys of the groups that changed, as of a moment after the call. Null if unknown because a thread died: nothing
   * is watched any more then.
   */
  async changed(root: string): Promise<ReadonlySet<string> | null> {
    if (!this.#onThreads) return new Set(this.#groups.changed());
    const changed = await this.#threads.changed(root);
    if (changed === null) await this.close();
    return changed;
  }

  async close(): Promise<void> {
    this.#groups.clear();
    this.#onThreads = false;
    await this.#threads.close();
  }
}
