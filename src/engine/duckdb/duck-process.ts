/** One DuckDB process, from its start to its end: it answers one query at a time, and is ended if it does not. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { inTime } from '../../process/time-limit.js';
import { readLines } from './lines.js';
import { type Ask, type FromDuck, lineOf, type ToDuck } from './messages.js';
import { type OpenQuery, openQuery, type QueryAnswer } from './open-query.js';
import { readMessage } from './read-message.js';
import { makeSpillFolder } from './spill-folder.js';

export interface DuckProcessOptions {
  /** What it runs. */
  readonly file: URL;
  /** How long it may take to load DuckDB. */
  readonly startMs: number;
  /** How long it may take to give up a query that is cancelled. */
  readonly cancelMs: number;
  /** How long it may be silent while it has a query: it sends signs of life. */
  readonly silentMs: number;
  /** As JSON; in this process, a result takes about five times as much. */
  readonly mostResultBytes: number;
}

export interface DuckProcess {
  /** What it held when the last query had ended. */
  readonly rssBytes: number;
  /** Whether it can take another query once this one has ended. */
  readonly isGone: boolean;
  /** For tests. */
  readonly pid: number | undefined;
  /** Throws as `DuckDb` does. The process must not have a query. */
  ask(
    ask: Omit<Ask, 'id'>,
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ): Promise<QueryAnswer>;
  /** At once, whatever it does. */
  end(): Promise<void>;
}

/** It needs no more: what it spills goes to a folder of its own, and times are in UTC. No secret of ours is in it. */
const environment = { TZ: 'UTC' };

/** DuckDB's memory is not V8's. What it holds for results is freed only with the handles that the collector takes. */
const nodeOptions = ['--expose-gc', '--max-old-space-size=512'];

const mostComplaint = 2_000;
const exitMs = 2_000;

export function startDuckProcess(options: DuckProcessOptions): DuckProcess {
  const folder = makeSpillFolder();
  const child = spawn(process.execPath, [...nodeOptions, fileURLToPath(options.file), folder], {
    cwd: folder,
    env: environment,
    // Requests and answers go over the last.
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // A signal to the group, as Ctrl-C is, must not end it before the runs have ended.
    detached: true,
  });
  const channel = child.stdio[3] as Socket;
  const complaint = complaintsOf(child);
  let query: OpenQuery | null = null;
  /** Of the last query. */
  let id = 0;
  let silence: NodeJS.Timeout | undefined;
  let timesHeard = 0;
  let gone: Error | null = null;
  let isReady = false;
  let rssBytes = 0;

  const lose = (why: Error) => {
    if (gone !== null) return;
    gone = why;
    child.kill('SIGKILL');
    channel.destroy();
    clearTimeout(starting);
    query?.fail(why);
    query = null;
  };
  const starting = setTimeout(
    () => lose(new Error(`DuckDB's process did not start within ${options.startMs} ms`)),
    options.startMs,
  ).unref();
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const left = exited
    .then(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
    .catch(() => undefined);
  child.once('error', (error) => lose(new Error(`DuckDB's process: ${error.message}`)));
  child.once('close', (code, signal) => lose(endOf(code, signal, isReady, complaint())));
  channel.on('error', () => undefined);
  readLines(
    channel,
    (line) => {
      if (gone === null) hear(readMessage(line));
    },
    (bytes) => {
      timesHeard += 1;
      silence?.refresh();
      const why = query === null ? unasked() : query.received(bytes);
      if (why !== null) lose(why);
    },
  );
  keepAlive(false);

  function hear(message: FromDuck | null): void {
    if (message?.kind === 'ready' && !isReady) {
      isReady = true;
      clearTimeout(starting);
    } else if (message?.kind === 'broken') {
      lose(new Error(`DuckDB is broken: ${message.message}`));
    } else if (
      message === null ||
      message.kind === 'ready' ||
      !isReady ||
      message.id !== id ||
      query === null
    ) {
      lose(unasked());
    } else {
      const wrong = query.hear(message);
      if (wrong !== null) lose(new Error(`DuckDB's process sent ${wrong}`));
      else if ('rssBytes' in message) {
        rssBytes = message.rssBytes;
        query = null;
      }
    }
  }

  function say(message: ToDuck): void {
    if (gone === null) channel.write(lineOf(message));
  }

  /**
   * Where this process itself was held up, what came in the meantime is read before the verdict. The timer alone says
   * that it is time: by another clock it may be a moment early, and it does not fire again.
   */
  function judgeSilence(): void {
    const before = timesHeard;
    setImmediate(() => {
      if (query === null || timesHeard > before) return;
      lose(new Error(`DuckDB's process hangs: it was silent for ${options.silentMs} ms`));
    });
  }

  /** A process without a query does not keep the service alive. */
  function keepAlive(is: boolean): void {
    for (const handle of [child, channel, child.stderr as unknown as Socket]) {
      if (is) handle.ref();
      else handle.unref();
    }
  }

  return {
    get rssBytes() {
      return rssBytes;
    },
    get isGone() {
      return gone !== null;
    },
    pid: child.pid,
    ask: async (ask, signal, onProgress) => {
      signal.throwIfAborted();
      if (gone !== null) throw gone;
      const own = openQuery(ask, options.mostResultBytes, onProgress);
      query = own;
      id += 1;
      let killing: NodeJS.Timeout | undefined;
      const onAbort = () => {
        say({ kind: 'cancel' });
        const why = new Error('a cancelled query did not end');
        killing = setTimeout(() => lose(why), options.cancelMs);
      };
      signal.addEventListener('abort', onAbort);
      silence = setTimeout(judgeSilence, options.silentMs);
      keepAlive(true);
      say({ ...ask, id });
      try {
        const answer = await own.answer;
        signal.throwIfAborted();
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        clearTimeout(killing);
        clearTimeout(silence);
        signal.removeEventListener('abort', onAbort);
        query = null;
        keepAlive(false);
      }
    },
    end: async () => {
      lose(new Error('DuckDB was closed'));
      // Whoever waits for its end may have nothing else to do.
      child.ref();
      await inTime(left, exitMs);
    },
  };
}

function unasked(): Error {
  return new Error("DuckDB's process sent something that is not an answer");
}

/** The end of what it wrote to its standard error. */
function complaintsOf({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-mostComplaint);
  });
  return () => text.trim();
}

function endOf(
  code: number | null,
  signal: string | null,
  isReady: boolean,
  complaint: string,
): Error {
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  const what = isReady ? `DuckDB's process ended ${how}` : `DuckDB could not be loaded`;
  return new Error(complaint === '' ? what : `${what}: ${complaint}`);
}
