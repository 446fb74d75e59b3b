import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { waitOnThread } from '../disk/waits.js';
import { compiledFile } from '../process/compiled-file.js';
import type { GroupsChange, WatchedGroup } from './groups.js';
import type { FromStampThread, StampThreadData, ToStampThread } from './stamp-thread.js';

/** A look at so many groups takes one thread some milliseconds; beyond, another shares the work. */
const groupsPerThread = 512;

/** Beyond these the disk is the limit. */
const mostThreads = 4;

/**
 * Groups of paths that are looked at side by side on threads. A `stat` takes some microseconds; through
 * promises it costs ten times that, and thousands on the service's own thread would hold requests up.
 */
export class StampThreads {
  readonly #threads: StampThread[] = [];
  readonly #ownerOf = new Map<string, StampThread>();
  #broken = false;

  constructor(
    readonly file = compiledFile('stamp-thread', import.meta.url),
    readonly most = Math.min(availableParallelism(), mostThreads),
  ) {}

  /** Null if unknown because a thread died: nothing is watched any more then. */
  async changed(root: string): Promise<ReadonlySet<string> | null> {
    try {
      const found = await Promise.all(
        this.#threads.map((thread) => waitOnThread(root, thread.look)),
      );
      if (!this.#broken) return new Set(found.flat());
    } catch {
      // A thread that died has rejected; what is lost with it is only knowledge.
    }
    await this.close();
    return null;
  }

  update({ root, watch, forget }: GroupsChange): void {
    const changes = new Map<StampThread, { watch: WatchedGroup[]; forget: string[] }>();
    const changesOf = (thread: StampThread) => {
      const known = changes.get(thread) ?? { watch: [], forget: [] };
      changes.set(thread, known);
      return known;
    };
    for (const key of forget) {
      const owner = this.#ownerOf.get(key);
      if (owner === undefined) continue;
      changesOf(owner).forget.push(key);
      owner.groups -= 1;
      this.#ownerOf.delete(key);
    }
    for (const group of watch) changesOf(this.#own(group[0])).watch.push(group);
    for (const [thread, change] of changes) thread.send({ kind: 'update', root, ...change });
  }

  /** Ends the threads. They start again when there is something to watch. */
  async close(): Promise<void> {
    this.#ownerOf.clear();
    const ended = this.#threads.splice(0);
    await Promise.all(ended.map((thread) => thread.end()));
    this.#broken = false;
  }

  #own(key: string): StampThread {
    const known = this.#ownerOf.get(key);
    if (known !== undefined) return known;
    const owner = this.#leastBusy();
    owner.groups += 1;
    this.#ownerOf.set(key, owner);
    return owner;
  }

  #leastBusy(): StampThread {
    const [first] = this.#threads.toSorted((a, b) => a.groups - b.groups);
    const full = first === undefined || first.groups >= groupsPerThread;
    if (first !== undefined && (!full || this.#threads.length >= this.most)) return first;
    const thread = new StampThread(this.file, () => {
      if (this.#threads.includes(thread)) this.#broken = true;
    });
    this.#threads.push(thread);
    return thread;
  }
}

interface Question {
  goesOn(): void;
  resolve(changed: readonly string[]): void;
  reject(error: Error): void;
}

/**
 * It ends by itself when it is told to. A thread that is stopped from outside while it loads a native library, or is
 * within a call of one, can take the whole process with it (`napi_throw` in a context that is being torn down).
 */
class StampThread {
  groups = 0;
  readonly #worker: Worker;
  readonly #ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #open: Question[] = [];
  #gone = false;

  constructor(file: URL, onGone: () => void) {
    const workerData: StampThreadData = { ended: this.#ended };
    // Until it is loaded, the process stays for it: its end would stop the thread from outside.
    this.#worker = new Worker(file, { execArgv: [], name: 'stamps', workerData });
    this.#worker.on('message', (said: FromStampThread) => {
      if (said === 'goes on') return this.#open[0]?.goesOn();
      if (said !== 'loaded') this.#open.shift()?.resolve(said);
      // One that is to end may be loaded only now: whoever waits for that needs the process.
      const isEnding = Atomics.load(this.#ended, 0) !== 0;
      if (this.#open.length === 0 && !isEnding) this.#worker.unref();
    });
    // What ended it is told by `exit`; without a listener it would end the process.
    this.#worker.on('error', () => {});
    this.#worker.on('exit', () => {
      this.#gone = true;
      onGone();
      for (const question of this.#open.splice(0)) question.reject(new Error('the thread ended'));
    });
  }

  send(message: ToStampThread): void {
    this.#worker.postMessage(message);
  }

  readonly look = (goesOn: () => void): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      if (this.#gone) return reject(new Error('the thread ended'));
      this.#open.push({ goesOn, resolve, reject });
      this.#worker.ref();
      this.send({ kind: 'look' });
    });

  async end(): Promise<void> {
    if (this.#gone) return;
    Atomics.store(this.#ended, 0, 1);
    this.send({ kind: 'end' });
    this.#worker.ref();
    // Recorded for the exit of the process: a thread that waits for a mount that hangs cannot be joined.
    const exit = () => new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    await waitOnThread('/', exit, Number.POSITIVE_INFINITY);
  }
}
