/**
 * The process that DuckDB runs in; the only file that loads it. It answers one query at a time, each on an instance of
 * its own, and ends as soon as the service that started it is gone. Arguments: the folder to spill to.
 */
import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { Socket } from 'node:net';
import {
  DuckDBBlobVector,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBPreparedStatement,
} from '@duckdb/node-api';
import { type DuckColumn, DuckFailure } from './duckdb.js';
import { readLines } from './lines.js';
import {
  configOf,
  lockingStatement,
  parsingQuery,
  refuseCutTexts,
  refuseOthers,
  shuttingStatements,
} from './lock.js';
import {
  type Ask,
  type Broken,
  type FromDuck,
  type LastWord,
  lineOf,
  type ToDuck,
} from './messages.js';
import { misunderstood, toldFailure } from './told-failure.js';

const [, , spillFolder = ''] = process.argv;

/** DuckDB forgets an interrupt that comes between two statements. */
const interruptEveryMs = 20;
/** Also a sign of life: a query may take hours before its first row. */
const progressEveryMs = 500;

const service = new Socket({ fd: 3, readable: true, writable: true });

/** Of the query that is worked on. */
interface Work {
  readonly id: number;
  connection: DuckDBConnection | null;
  cancelled: NodeJS.Timeout | null;
}
let work: Work | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // A terminal or a supervisor signals all processes at once; the service ends its runs first, then this process.
  process.on(signal, () => undefined);
}
try {
  // Where memory runs out, the system is to kill this process, not the service.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Only Linux has it.
}

service.on('close', die);
service.on('error', die);
readLines(service, (line) => hear(JSON.parse(line) as ToDuck));
void send({ kind: 'ready' });

/** The service is gone. A query may still run on threads that an orderly exit would wait for. */
function die(): void {
  try {
    rmSync(spillFolder, { recursive: true, force: true });
  } catch {
    // A query that still runs puts files there. The next process to start removes them.
  }
  process.kill(process.pid, 'SIGKILL');
}

function hear(message: ToDuck): void {
  if (message.kind === 'cancel') cancel();
  else void answer(message);
}

function cancel(): void {
  if (work === null || work.cancelled !== null) return;
  const interrupted = work;
  const interrupt = () => interrupted.connection?.interrupt();
  interrupt();
  interrupted.cancelled = setInterval(interrupt, interruptEveryMs);
}

async function answer(ask: Ask): Promise<void> {
  const own: Work = { id: ask.id, connection: null, cancelled: null };
  work = own;
  const telling = setInterval(() => tellProgress(own), progressEveryMs);
  const last = await lastWord(ask, own);
  clearInterval(telling);
  if (own.cancelled !== null) clearInterval(own.cancelled);
  work = null;
  // What DuckDB holds for results is let go of by the garbage collector alone.
  globalThis.gc?.();
  await send(
    last.kind === 'broken' ? last : { ...last, id: ask.id, rssBytes: process.memoryUsage.rss() },
  );
}

async function lastWord(ask: Ask, own: Work): Promise<LastWord | Broken> {
  try {
    refuseCutTexts(ask);
    // DuckDB takes a missing file for a folder, whose files are not allowed.
    for (const file of ask.files) await access(file);
    return await onOwnInstance(ask, own);
  } catch (error) {
    const failure = toldFailure(error, spillFolder);
    if (failure !== null) return { kind: 'failed', failure };
    return { kind: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
}

async function onOwnInstance(ask: Ask, own: Work): Promise<LastWord> {
  const instance = await DuckDBInstance.create(':memory:', configOf(ask.bounds, spillFolder));
  try {
    const connection = await instance.connect();
    own.connection = connection;
    const shutting = shuttingStatements(ask.files, ask.bounds);
    const before = [...shutting, ...(ask.setup ?? []), lockingStatement];
    for (const statement of before) {
      refuseCancelled(own);
      await connection.run(statement);
    }
    refuseCancelled(own);
    const select = await understood(connection, ask.select);
    if (ask.kind === 'columns') return { kind: 'columns', columns: columnsOf(select) };
    return { kind: 'end', rows: await sendRows(select, ask.id) };
  } finally {
    own.connection?.disconnectSync();
    own.connection = null;
    instance.closeSync();
  }
}

function refuseCancelled({ cancelled }: Work): void {
  if (cancelled !== null) throw new Error('INTERRUPT Error: the query was cancelled');
}

/** Throws a DuckFailure, with the place of the mistake where DuckDB tells it. */
async function understood(
  connection: DuckDBConnection,
  text: string,
): Promise<DuckDBPreparedStatement> {
  const [[parsed = null] = []] = (await connection.runAndReadAll(parsingQuery(text))).getRows();
  refuseOthers(String(parsed), text);
  const select = await connection.prepare(text).catch((error: unknown) => {
    throw misunderstood(error, text);
  });
  if (select.parameterCount > 0) {
    throw new DuckFailure('query', 'parameters such as ? or $1 have no values');
  }
  return select;
}

function columnsOf(select: DuckDBPreparedStatement): DuckColumn[] {
  return Array.from({ length: select.columnCount }, (_, at) => ({
    name: select.columnName(at),
    type: select.columnType(at).toString(),
  }));
}

async function sendRows(select: DuckDBPreparedStatement, id: number): Promise<number> {
  for (const { name, type } of columnsOf(select)) {
    if (type !== 'VARCHAR')
      throw new DuckFailure('query', `column ${name} is ${type}, not VARCHAR`);
  }
  const result = await select.stream();
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    rows += chunk.rowCount;
    await sendChunk(chunk, id);
  }
}

function tellProgress({ id, connection }: Work): void {
  // -1 where DuckDB does not know it.
  const share = Math.max(0, (connection?.progress.percentage ?? 0) / 100);
  // If the service does not read, it needs no sign.
  if (!service.writableNeedDrain) void send({ kind: 'progress', id, share: Math.min(share, 1) });
}

/**
 * Texts are read as bytes: the binding leaves out a byte order mark with which one begins, and puts U+FFFD for bytes
 * that are not UTF-8, which some functions make.
 */
async function sendChunk(chunk: DuckDBDataChunk, id: number): Promise<void> {
  const columns = Array.from({ length: chunk.columnCount }, (_, at) => {
    const { vector } = chunk.getColumnVector(at) as unknown as { vector: RawVector };
    return DuckDBBlobVector.fromRawVector(vector, chunk.rowCount);
  });
  const rows = Array.from({ length: chunk.rowCount }, (_, row) =>
    columns.map((column) => textOf(column.getItemBytes(row))),
  );
  await write(lineOf({ kind: 'rows', id, rows }));
}

type RawVector = Parameters<typeof DuckDBBlobVector.fromRawVector>[0];

function textOf(told: Uint8Array | null): string | null {
  if (told === null) return null;
  const bytes = Buffer.from(told.buffer, told.byteOffset, told.byteLength);
  const text = bytes.toString();
  if (!text.includes('\ufffd') || isUtf8(bytes)) return text;
  throw new DuckFailure('data', `the result has a text that is not UTF-8: ${JSON.stringify(text)}`);
}

function send(message: FromDuck): Promise<void> {
  return write(lineOf(message));
}

/** Resolves once there is room for more. */
async function write(line: string): Promise<void> {
  if (!service.write(line)) await once(service, 'drain');
}
