import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { waitOnThread } from '../../disk/waits.js';
import { compiledFile } from '../../process/compiled-file.js';
import type { FileJob } from '../day-result.js';
import type { FromThread, Kind, ToThread, Work } from './work.js';

/** Beyond these, memory and disks are the limit, and each costs about 10 MiB. */
const mostThreads = 8;

/** Enough for the widest header and its sums; only a thread that needs more ends. */
const resourceLimits = { maxOldGenerationSizeMb: 512 } as const;

/** How soon it is looked again whether what holds all threads hangs. */
const lookAgainMs = 1_000;

/** A thread that does not stop within this time, for example because of a read that hangs, is abandoned. */
const stopWithinMs = 2_000;

export interface ThreadPoolOptions {
  /** By default as many as the machine runs at once, and at most 8. */
  readonly size?: number;
  /** For tests: what the threads run. */
  readonly file?: URL;
}

/** The threads as seen by one dataset: it has its own queue, and free threads take from all queues in turn. */
export interface Threads {
  readonly size: number;
  run<K extends Kind>(
    kind: K,
    task: Work[K]['task'],
    signals: TaskSignals,
  ): Promise<Work[K]['outcome']>;
  close(): Promise<void>;
}

type TaskSignals = Pick<FileJob, 'signal' | 'onBytes'>;

interface Queue {
  readonly tasks: Task[];
  /** Whether the disks hang that its tasks read. */
  hangs(): boolean;
}

interface Task extends TaskSignals {
  readonly queue: Queue;
  readonly message: ToThread;
  readonly resolve: (outcome: Work[Kind]['outcome']) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that wait for work. Those that read from disks that hang do not count: others work in their place. They start with the pool, so that the first task finds them warm; a thread
 * that dies fails the task it had, and the next task that needs it gets a new one. While none has work,
 * they do not keep the process alive.
 */
export class ThreadPool implements Threads {
  readonly size: number;
  readonly #file: URL;
  readonly #threads = new Set<Thread>();
  /** The one that is served next comes first. */
  readonly #queues: Queue[] = [];
  readonly #own = this.#newQueue(() => false);
  #lookAgain: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ThreadPoolOptions = {}) {
    this.size = options.size ?? Math.min(availableParallelism(), mostThreads);
    this.#file = options.file ?? compiledFile('worker', import.meta.url);
    while (this.#threads.size < this.size) this.#start();
  }

  /**
   * Rejects with the signal's reason, or where the thread dies, or the pool is closed, before there is an
   * outcome. A thread that is told to stop may still answer with one.
   */
  async run<K extends Kind>(
    kind: K,
    task: Work[K]['task'],
    signals: TaskSignals,
  ): Promise<Work[K]['outcome']> {
    return this.#enqueue(this.#own, kind, task, signals);
  }

  /** The same threads, with a separate queue. Closing it closes the pool. */
  share(hangs: () => boolean = () => false): Threads {
    const queue = this.#newQueue(hangs);
    return {
      size: this.size,
      run: (kind, task, signals) => this.#enqueue(queue, kind, task, signals),
      close: async () => {},
    };
  }

  #newQueue(hangs: () => boolean): Queue {
    const queue: Queue = { tasks: [], hangs };
    this.#queues.push(queue);
    return queue;
  }

  async #enqueue<K extends Kind>(
    queue: Queue,
    kind: K,
    task: Work[K]['task'],
    { signal, onBytes }: TaskSignals,
  ): Promise<Work[K]['outcome']> {
    signal.throwIfAborted();
    let stop = () => {};
    const ended = new Promise<Work[K]['outcome']>((resolve, reject) => {
      const message = { kind, task } as ToThread;
      const told = onBytes && { onBytes };
      const queued: Task = { queue, message, signal, resolve, reject, ...told };
      stop = () => this.#stop(queued);
      queue.tasks.push(queued);
      this.#assign();
    });
    signal.addEventListener('abort', stop);
    return await ended.finally(() => signal.removeEventListener('abort', stop));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#assign();
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #assign(): void {
    clearTimeout(this.#lookAgain);
    for (let queue = this.#nextQueue(); queue !== undefined; queue = this.#nextQueue()) {
      const thread = this.#closed ? null : this.#freeThread();
      if (thread === undefined) {
        this.#lookAgain = setTimeout(() => this.#assign(), lookAgainMs).unref();
        return;
      }
      const task = this.#takeFrom(queue);
      if (thread === null) task.reject(new Error('the threads that read raw files are closed'));
      else thread.begin(task);
    }
  }

  /** The one that was served longest ago; none that would only lose another thread. */
  #nextQueue(): Queue | undefined {
    return this.#queues.find(({ tasks, hangs }) => tasks.length > 0 && (this.#closed || !hangs()));
  }

  #takeFrom(queue: Queue): Task {
    this.#queues.push(...this.#queues.splice(this.#queues.indexOf(queue), 1));
    return queue.tasks.shift() as Task;
  }

  #stop(task: Task): void {
    const { tasks } = task.queue;
    const place = tasks.indexOf(task);
    if (place === -1) {
      for (const thread of this.#threads) thread.stop(task);
    } else {
      tasks.splice(place, 1);
      task.reject(task.signal.reason);
    }
  }

  #freeThread(): Thread | undefined {
    for (const thread of this.#threads) if (thread.free) return thread;
    const stuck = [...this.#threads].filter(({ hangs }) => hangs).length;
    return this.#threads.size - stuck < this.size ? this.#start() : undefined;
  }

  #start(): Thread {
    const thread = new Thread(
      this.#file,
      () => {
        // One that answers after all was replaced meanwhile.
        if (this.#threads.size > this.size && this.#threads.delete(thread)) void thread.end();
        this.#assign();
      },
      () => {
        this.#threads.delete(thread);
        this.#assign();
      },
    );
    this.#threads.add(thread);
    return thread;
  }
}

class Thread {
  readonly #worker: Worker;
  readonly #onGone: () => void;
  #task: Task | null = null;
  #cause: unknown;

  constructor(file: URL, onFree: () => void, onGone: () => void) {
    this.#onGone = onGone;
    this.#worker = new Worker(file, { execArgv: [], name: 'raw files', resourceLimits });
    this.#worker.on('message', (message: FromThread) => {
      if (message.kind === 'progress') return this.#report(message.bytes);
      this.#settle((task) => task.resolve(message.outcome));
      onFree();
    });
    this.#worker.on('error', (error) => {
      this.#cause = error;
    });
    this.#worker.on('exit', (code) => {
      const why = this.#cause instanceof Error ? this.#cause.message : `exit code ${code}`;
      const message = `a thread that reads raw files ended (${why}); run the day again`;
      const error = new Error(message, { cause: this.#cause });
      onGone();
      this.#settle((task) => task.reject(error));
    });
    // Not before: a listener for messages counts as a reason to stay alive.
    this.#worker.unref();
  }

  get hangs(): boolean {
    return this.#task?.queue.hangs() ?? false;
  }

  get free(): boolean {
    return this.#task === null;
  }

  begin(task: Task): void {
    this.#task = task;
    this.#worker.ref();
    this.#worker.postMessage(task.message);
  }

  /** Nothing where the thread has another task by now. */
  stop(task: Task): void {
    if (this.#task !== task) return;
    this.#worker.postMessage({ kind: 'stop' } satisfies ToThread);
    setTimeout(() => {
      if (this.#task !== task) return;
      this.#onGone();
      this.#settle(() => task.reject(task.signal.reason));
      void this.end();
    }, stopWithinMs).unref();
  }

  async end(): Promise<void> {
    // Recorded for the exit of the process: a thread whose read hangs cannot be joined.
    await waitOnThread('/', () => this.#worker.terminate(), Number.POSITIVE_INFINITY);
  }

  #report(bytes: number): void {
    if (this.#task?.signal.aborted === false) this.#task.onBytes?.(bytes);
  }

  #settle(tell: (task: Task) => void): void {
    const task = this.#task;
    this.#task = null;
    this.#worker.unref();
    if (task !== null) tell(task);
  }
}
