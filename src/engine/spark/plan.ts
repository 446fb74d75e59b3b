/** What an application is asked to do: which files there are, how to read them, and which to read at once. */
import { isDeepStrictEqual } from 'node:util';
import type { EngineJob } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import { bucketsOf, type WideDefinition } from '../../model/definition.js';
import { mostDigitsOf } from '../buckets.js';
import type { Columns } from '../header.js';
import type { ExpectedText, FileLook } from './look-at-file.js';

/** How the lines of a file are to be read. Files with the same header share one. */
interface PlanTable {
  readonly header: string;
  readonly columns: number;
  /** Positions, from 0; in the order of the plan's `by`. */
  readonly by: readonly number[];
  readonly day: number | null;
  readonly dayText: string;
  readonly categories: readonly number[];
}

interface PlanFile {
  /** Its place in the list. */
  readonly id: number;
  readonly uri: string;
  readonly day: number;
  readonly table: number;
  readonly gzip: boolean;
  /** Whether examples of bad cells are wanted: only where the file is not read again here. */
  readonly examples: boolean;
}

/** What is handed to the application, as JSON. */
export interface Plan {
  /** Repeated in all that the application writes: results of another one are not ours. */
  readonly token: string;
  /** The process that takes the results. */
  readonly owner: number;
  /** The whole numbers that rows are told apart by. */
  readonly by: readonly {
    readonly least: number;
    readonly most: number;
    readonly digits: number;
  }[];
  readonly tables: readonly PlanTable[];
  readonly files: readonly PlanFile[];
  /** Files that are read by one query; a result holds at most so many rows as fit the driver easily. */
  readonly batches: readonly (readonly number[])[];
}

/** A file that Spark is to read, and what must come out of it. */
export interface PlannedFile {
  readonly id: number;
  readonly day: number;
  readonly file: RawFile;
  readonly definition: WideDefinition;
  readonly columns: Columns;
  readonly expected: ExpectedText;
  readonly markBytes: number;
}

export interface Sighted {
  readonly job: EngineJob;
  /** The job's place in the session. */
  readonly day: number;
  readonly file: RawFile;
  readonly look: FileLook;
}

export interface PlanOptions {
  readonly token: string;
  readonly owner: number;
  readonly explainUpToBytes: number;
  readonly uriOf: (file: RawFile) => string;
  /** The most rows that the result of a query may have; tests shrink it. */
  readonly mostResultRows?: number;
}

const usualResultRows = 400_000;
const mostFilesAtOnce = 500;

export function makePlan(
  sighted: readonly Sighted[],
  { token, owner, explainUpToBytes, uriOf, mostResultRows = usualResultRows }: PlanOptions,
): { readonly plan: Plan; readonly files: readonly PlannedFile[] } {
  const tables = new Map<string, { readonly index: number; readonly table: PlanTable }>();
  const tableOf = (table: PlanTable) => {
    const key = JSON.stringify([
      table.header,
      table.by,
      table.day,
      table.dayText,
      table.categories,
    ]);
    const known = tables.get(key) ?? { index: tables.size, table };
    tables.set(key, known);
    return known.index;
  };

  const files = sighted.map(({ job, day, file, look }, id) => ({
    id,
    day,
    table: tableOf(describeTable(look, job)),
    uri: uriOf(file),
    gzip: file.gzip,
    examples: file.sizeBytes > explainUpToBytes,
  }));
  const planned = sighted.map(({ job, day, file, look: { header, expected } }, id) => {
    const { columns, markBytes } = header;
    return { id, day, file, definition: job.definition, columns, expected, markBytes };
  });
  const batches = [false, true].flatMap((gzip) =>
    batchesOf(
      planned.filter(({ file }) => file.gzip === gzip),
      mostResultRows,
    ),
  );
  const columns = byColumnsOf(sighted);
  const by = columns.map(({ least, most }) => ({
    ...{ least, most },
    digits: mostDigitsOf({ least, most }),
  }));
  const plan = { token, owner, by, tables: [...tables.values()].map(({ table }) => table), files };
  return { plan: { ...plan, batches }, files: planned };
}

/** A query tells the rows of all its files apart in the same way. */
function byColumnsOf(sighted: readonly Sighted[]): WideDefinition['by'] {
  const by = sighted[0]?.job.definition.by ?? [];
  if (sighted.some(({ job }) => !isDeepStrictEqual(job.definition.by, by))) {
    throw new Error('the jobs of a session tell rows apart by different columns');
  }
  return by;
}

function describeTable({ header: { text, columns } }: FileLook, { day }: EngineJob): PlanTable {
  return {
    header: text,
    columns: columns.names.length,
    by: columns.by,
    day: columns.day,
    dayText: columns.day === null ? '' : day,
    categories: columns.categories,
  };
}

/** In the order of the plan. Gzip data lies in batches of its own, since it alone can be damaged for Spark. */
function batchesOf(files: readonly PlannedFile[], mostResultRows: number): number[][] {
  const batches: number[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const { id, definition, columns } of files) {
    const added = bucketsOf(definition) * Math.max(1, columns.categories.length);
    const batch = batches.at(-1);
    if (batch === undefined || rows + added > mostResultRows || batch.length === mostFilesAtOnce) {
      batches.push([id]);
      rows = added;
    } else {
      batch.push(id);
      rows += added;
    }
  }
  return batches;
}
