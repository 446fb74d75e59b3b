/**
 * DuckDB for the service. Each query has a process to itself, so a query that crashes its process, or that has to be
 * killed, fails no other. Processes are started as they are needed, up to a bound, used again, and ended when idle.
 */
import { compiledFile } from '../../process/compiled-file.js';
import { type DuckProcess, startDuckProcess } from './duck-process.js';
import type { DuckDb, DuckQuery } from './duckdb.js';
import type { Ask } from './messages.js';
import { createTurns } from './turns.js';

export interface DuckDbSettings {
  /** Of all queries together. */
  readonly memoryBytes: number;
  /** Of one query. */
  readonly threads: number;
  /** How many queries may run at once; others wait, and are served in their order. */
  readonly atOnce: number;
  /** The others are for tests. */
  readonly file?: URL;
  readonly startMs?: number;
  readonly cancelMs?: number;
  readonly silentMs?: number;
  readonly idleMs?: number;
  readonly spillBytes?: number;
  readonly mostResultBytes?: number;
  /** A process that holds more between two queries is replaced. */
  readonly mostRssBytes?: number;
}

/** For each byte of memory: what a query may spill to disk. */
const spillShare = 4;

/** DuckDB's own processes, to see what becomes of them. */
export interface WatchedDuckDb extends DuckDb {
  readonly pids: () => readonly number[];
}

interface Lane {
  process: DuckProcess | null;
  idle: NodeJS.Timeout | undefined;
}

export function createDuckDb(settings: DuckDbSettings): WatchedDuckDb {
  const { idleMs = 60_000, mostRssBytes = 512 * 1024 * 1024, atOnce } = settings;
  const options = {
    file: settings.file ?? compiledFile('child', import.meta.url),
    startMs: settings.startMs ?? 30_000,
    cancelMs: settings.cancelMs ?? 3_000,
    silentMs: settings.silentMs ?? 60_000,
    mostResultBytes: settings.mostResultBytes ?? 256 * 1024 * 1024,
  };
  const memoryBytes = Math.floor(settings.memoryBytes / atOnce);
  const spillBytes = settings.spillBytes ?? memoryBytes * spillShare;
  const bounds = { memoryBytes, spillBytes, threads: settings.threads };
  const lanes = Array.from({ length: atOnce }, (): Lane => ({ process: null, idle: undefined }));
  const turns = createTurns(lanes);

  function end(lane: Lane): Promise<void> | undefined {
    clearTimeout(lane.idle);
    const ending = lane.process?.end();
    lane.process = null;
    return ending;
  }

  function rest(lane: Lane): void {
    const { process } = lane;
    if (process === null || process.isGone) lane.process = null;
    else if (process.rssBytes > mostRssBytes) void end(lane);
    else lane.idle = setTimeout(() => void end(lane), idleMs).unref();
  }

  async function ask(
    kind: Ask['kind'],
    { files, setup = [], select }: DuckQuery,
    signal: AbortSignal,
    onProgress: (share: number) => void = () => undefined,
  ) {
    const lane = await turns.take(signal);
    try {
      clearTimeout(lane.idle);
      // It may have died since its last query.
      if (lane.process?.isGone) lane.process = null;
      lane.process ??= startDuckProcess(options);
      return await lane.process.ask({ kind, files, setup, select, bounds }, signal, onProgress);
    } finally {
      rest(lane);
      turns.give(lane);
    }
  }

  return {
    rows: async (query, signal, onProgress) => {
      const answer = await ask('rows', query, signal, onProgress);
      return answer.kind === 'rows' ? answer.rows : [];
    },
    columns: async (query, signal) => {
      const answer = await ask('columns', query, signal);
      return answer.kind === 'columns' ? answer.columns : [];
    },
    close: async () => {
      turns.close(new Error('DuckDB was closed'));
      await Promise.all(lanes.map(end));
    },
    pids: () => lanes.flatMap(({ process }) => (process?.isGone ? [] : (process?.pid ?? []))),
  };
}
