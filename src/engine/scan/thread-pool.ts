import { Worker } from 'node:worker_threads';
import type { FileScan, ScanOutcome } from './stretch.js';
import type { ThreadMessage } from './worker.js';

interface Task {
  readonly scan: FileScan;
  readonly onBytes: (count: number) => void;
  readonly resolve: (outcome: ScanOutcome) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Threads that wait for scans. They start with the pool, so that the first scan finds them warm; a thread
 * that dies fails the scan it had, and the next scan that needs it gets a new one. While none has work,
 * they do not keep the process alive.
 */
export class ThreadPool {
  readonly #threads = new Set<Thread>();
  readonly #waiting: Task[] = [];
  #closed = false;

  constructor(
    readonly size: number,
    readonly file: URL,
  ) {
    while (this.#threads.size < size) this.#start();
  }

  /** Rejects where the thread dies, or the pool is closed, before there is an outcome. */
  run(scan: FileScan, onBytes: (count: number) => void): Promise<ScanOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ scan, onBytes, resolve, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#assign();
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#closed ? null : this.#freeThread();
      if (thread === undefined) return;
      const task = this.#waiting.shift() as Task;
      if (thread === null) task.reject(new Error('the scan engine is closed'));
      else thread.begin(task);
    }
  }

  #freeThread(): Thread | undefined {
    for (const thread of this.#threads) if (thread.free) return thread;
    return this.#threads.size < this.size ? this.#start() : undefined;
  }

  #start(): Thread {
    const thread = new Thread(
      this.file,
      () => this.#assign(),
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
  #task: Task | null = null;
  #cause: unknown;

  constructor(file: URL, onFree: () => void, onGone: () => void) {
    this.#worker = new Worker(file, { execArgv: [], name: 'scan' });
    this.#worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'progress') return this.#task?.onBytes(message.bytes);
      this.#settle((task) => task.resolve(message.outcome));
      onFree();
    });
    this.#worker.on('error', (error) => {
      this.#cause = error;
    });
    this.#worker.on('exit', (code) => {
      const why = this.#cause instanceof Error ? this.#cause.message : `exit code ${code}`;
      const message = `a thread of the scan engine ended (${why}); the engine csv needs none`;
      const error = new Error(message, { cause: this.#cause });
      onGone();
      this.#settle((task) => task.reject(error));
    });
    // Not before: a listener for messages counts as a reason to stay alive.
    this.#worker.unref();
  }

  get free(): boolean {
    return this.#task === null;
  }

  begin(task: Task): void {
    this.#task = task;
    this.#worker.ref();
    this.#worker.postMessage(task.scan);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(tell: (task: Task) => void): void {
    const task = this.#task;
    this.#task = null;
    this.#worker.unref();
    if (task !== null) tell(task);
  }
}
