/** An output store over a temporary folder, and short ways to fill and read it. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createCommitGate } from '../../src/core/commit-gate.js';
import type {
  CommitResult,
  EncodedDay,
  KeptDay,
  OutputChange,
  OutputState,
  OutputStore,
  ReplacedDay,
} from '../../src/core/ports/output.js';
import type { Disk } from '../../src/disk/disk.js';
import { type Day, layoutOf } from '../../src/model/day.js';
import type { Fingerprint } from '../../src/model/fingerprint.js';
import type { OutputRow, Row } from '../../src/model/row.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { compareCounted, countedOn, rowOf, shape } from '../support/counted.js';
import { makeTempDir } from '../support/temp-dir.js';

export const layout = layoutOf('index');
export const header = 'day_of_week,hour_of_day,category,items_count\n';
export const day = (text: string) => text as Day;
export const fingerprint: Fingerprint = [{ name: 'orders.csv', sizeBytes: 1, mtimeNs: '1' }];

export interface Place {
  readonly folder: StateFolder;
  readonly store: OutputStore;
  /** A second store, as another process would have it. */
  another(disk?: Disk): Promise<OutputStore>;
}

export async function makePlace(disk?: Disk): Promise<Place> {
  const folder = stateFolderOf(join(await makeTempDir(), 'processed', 'orders.csv'));
  const another = async (of?: Disk) => {
    const store = createOutputStore({ folder, shape, ...(of === undefined ? {} : { disk: of }) });
    await store.open();
    return store;
  };
  return { folder, store: await another(disk), another };
}

/** `{ 0: { 8: { milk: 2 } } }` by day, hour and category. */
export type Table = Record<string, Record<string, Record<string, number>>>;

export function rowsOf(hours: Table[string] = {}): Row[] {
  const rows = Object.entries(hours).flatMap(([hour, categories]) =>
    Object.entries(categories).map(([category, items]) => ({
      hour: Number(hour),
      category,
      items,
    })),
  );
  return rows.sort(compareCounted).map(rowOf);
}

export async function changeTo(
  store: OutputStore,
  table: Table,
  mark: string[] = [],
  keep: (day: EncodedDay) => Promise<KeptDay> = async (encoded) => encoded,
): Promise<OutputChange> {
  const replace = new Map<Day, ReplacedDay>();
  for (const [name, hours] of Object.entries(table)) {
    const encoded = await keep(await store.encode(day(name), rowsOf(hours)));
    replace.set(day(name), { encoded, records: 1, fingerprint });
  }
  return {
    runId: uuidv7(),
    engine: 'csv',
    replace,
    mark: new Set(mark.map(day)),
    adopt: new Map(),
    definition: 'now',
    raw: { device: '1', archived: 0 },
    columns: [],
  };
}

export const never = createCommitGate();

/** As a run does it: the days are kept in a spool until they are committed. */
export async function commit(
  store: OutputStore,
  table: Table,
  mark: string[] = [],
  runId: string = uuidv7(),
): Promise<CommitResult> {
  const base = await store.look();
  const spool = store.spool();
  try {
    const change = await changeTo(store, table, mark, spool.keep);
    return await store.commit(base, { ...change, runId }, never);
  } finally {
    await spool.close();
  }
}

/** All rows of a day; null where the file is no longer the one that `base` describes. */
export async function rowsOfDay(
  store: OutputStore,
  base: OutputState,
  name: string,
): Promise<ReturnType<typeof countedOn>[] | null> {
  const rows: OutputRow[] = [];
  const query = { days: [day(name)], behind: null };
  const isRead = await store.rows(base, query, (row) => {
    rows.push(row);
    return true;
  });
  return isRead ? rows.map(countedOn) : null;
}

export async function writeOutput(folder: StateFolder, text: string): Promise<void> {
  await mkdir(folder.outputFolder, { recursive: true });
  await writeFile(folder.output, text);
}

export const readText = (path: string) => readFile(path, 'utf8');

export function listFolder(path: string): Promise<string[]> {
  return readdir(path);
}

/** What a look says of each day: whether the ledger trusts what the file has. */
export function summary(state: OutputState) {
  return Object.fromEntries(
    [...new Set([...state.days.keys(), ...state.ledger.keys()])].sort().map((name) => {
      const found = state.days.get(name);
      const entry = state.ledger.get(name);
      return [
        name,
        {
          rows: found?.rows ?? 0,
          items: found?.totals['items_count'] ?? 0,
          doubled: found?.doubled ?? false,
          trusted: entry === undefined ? null : entry.sha256 === found?.sha256,
          damage: entry?.damage ?? null,
        },
      ];
    }),
  );
}
