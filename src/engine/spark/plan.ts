/** What an application is asked to do: which files there are, how to read them, and which to read at once. */
import type { EngineJob } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import type { ColumnsDefinition } from '../../model/columns-definition.js';
import type { Day } from '../../model/day.js';
import { bucketsOf } from '../../model/definition.js';
import { mostDigitsOf } from '../buckets.js';
import { type ExpectedText, type FileLook, isGzip, type KnownColumns } from './look-at-file.js';

/** How the lines of a file are to be read. Files with the same header share one. */
interface PlanTable {
  readonly header: string;
  readonly columns: number;
  /** Positions, from 0, of what the definition reads, in its order: its `by`, or its columns. */
  readonly read: readonly number[];
  readonly day: number | null;
  readonly dayText: string;
  /** None where the definition has no categories. */
  readonly categories: readonly number[];
}

/** The whole numbers that rows are told apart by. */
interface WidePlan {
  readonly kind: 'wide';
  readonly by: readonly {
    readonly least: number;
    readonly most: number;
    readonly digits: number;
  }[];
}

/** Columns are positions in `columns`; null where there is none. */
interface ColumnsPlan {
  readonly kind: 'columns';
  readonly delimiter: string;
  readonly quote: string | null;
  readonly nulls: readonly string[];
  readonly columns: readonly {
    readonly kind: string;
    readonly nullable: boolean;
    /** Of decimals; else 0. */
    readonly precision: number;
    readonly scale: number;
  }[];
  /** The one that holds the day. */
  readonly dayColumn: number | null;
  readonly keys: readonly { readonly column: number | null; readonly part: string | null }[];
  readonly measures: readonly { readonly measure: string; readonly column: number | null }[];
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
  readonly definitions: readonly (WidePlan | ColumnsPlan)[];
  readonly tables: readonly PlanTable[];
  readonly files: readonly PlanFile[];
  /** Files that are read by one query; a result holds at most so many rows as fit the driver easily. */
  readonly batches: readonly PlanBatch[];
  /** Where that is not known before, by `columns`: the most that a query may come to. */
  readonly mostRows: number;
}

interface PlanBatch {
  readonly definition: number;
  readonly files: readonly number[];
}

/** A file that Spark is to read, and what must come out of it. */
export type PlannedFile = KnownColumns & {
  readonly id: number;
  readonly day: number;
  readonly file: RawFile;
  readonly expected: ExpectedText;
  readonly markBytes: number;
};

export type WidePlanned = Extract<PlannedFile, { kind: 'wide' }>;

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

export const usualResultRows = 400_000;
const mostFilesAtOnce = 500;

export function makePlan(
  sighted: readonly Sighted[],
  { token, owner, explainUpToBytes, uriOf, mostResultRows = usualResultRows }: PlanOptions,
): { readonly plan: Plan; readonly files: readonly PlannedFile[] } {
  const [tables, definitions] = [places<PlanTable>(), places<WidePlan | ColumnsPlan>()];
  const files = sighted.map(({ job, day, file, look: { header } }, id) => ({
    id,
    day,
    table: tables.of(describeTable(header, job.day)),
    uri: uriOf(file),
    gzip: isGzip(file),
    examples: readAgainBytes(job, file) > explainUpToBytes,
  }));
  const planned = sighted.map(({ day, file, look: { header, expected } }, id): PlannedFile => {
    const { columns: known, markBytes } = header;
    return { id, day, file, ...known, expected, markBytes };
  });
  const together = new Map<string, Batching>();
  for (const file of planned) {
    const definition = definitions.of(describe(file));
    // Gzip data lies in batches of its own, since it alone can be damaged for Spark; but a day of `columns` is read whole.
    const key = `${definition} ${file.kind === 'wide' && isGzip(file.file)}`;
    const batching = together.get(key) ?? { definition, batches: [], rows: 0 };
    together.set(key, batching);
    take(batching, file, mostResultRows);
  }
  const batches = [...together.values()].flatMap(({ definition, batches: each }) =>
    each.map((batch) => ({ definition, files: batch.map(({ id }) => id) })),
  );
  const plan = { token, owner, definitions: definitions.all, tables: tables.all, files, batches };
  return { plan: { ...plan, mostRows: mostResultRows }, files: planned };
}

/** How many bytes are read here again where the file is odd: it alone, or its day. */
export function readAgainBytes({ definition, files }: EngineJob, file: RawFile): number {
  return definition.kind === 'wide'
    ? file.sizeBytes
    : files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Values that are there once each, and their places. */
function places<T>() {
  const known = new Map<string, number>();
  const all: T[] = [];
  const of = (value: T): number => {
    const key = JSON.stringify(value);
    const place = known.get(key) ?? all.push(value) - 1;
    known.set(key, place);
    return place;
  };
  return { all, of };
}

function describe({ definition }: KnownColumns): WidePlan | ColumnsPlan {
  if (definition.kind === 'columns') return describeColumns(definition);
  const by = definition.by.map(({ least, most }) => ({
    ...{ least, most },
    digits: mostDigitsOf({ least, most }),
  }));
  return { kind: 'wide', by };
}

function describeColumns({ csv, columns, dayColumn, by, measures }: ColumnsDefinition) {
  const placeOf = (wanted: string | null) => {
    const place = columns.findIndex(({ name }) => name === wanted);
    return place === -1 ? null : place;
  };
  return {
    kind: 'columns',
    ...{ delimiter: csv.delimiter, quote: csv.quote, nulls: [...new Set(['', ...csv.nulls])] },
    columns: columns.map(({ type, nullable }) => ({
      ...{ kind: type.kind, nullable, precision: 0, scale: 0 },
      ...(type.kind === 'decimal' && { precision: type.precision, scale: type.scale }),
    })),
    dayColumn: placeOf(dayColumn),
    keys: by.map(({ column, part }) => ({ column: placeOf(column), part })),
    measures: measures.map(({ measure, column }) => ({ measure, column: placeOf(column) })),
  } as const;
}

function describeTable({ text, columns: known }: FileLook['header'], day: Day): PlanTable {
  const parts = known.kind === 'wide' ? partsOfWide(known) : partsOfColumns(known);
  return {
    header: text,
    columns: known.columns.names.length,
    ...parts,
    dayText: parts.day === null ? '' : day,
  };
}

type Parts = Pick<PlanTable, 'read' | 'day' | 'categories'>;

function partsOfWide({ columns }: Extract<KnownColumns, { kind: 'wide' }>): Parts {
  return { read: columns.by, day: columns.day, categories: columns.categories };
}

function partsOfColumns({
  columns,
  definition,
}: Extract<KnownColumns, { kind: 'columns' }>): Parts {
  const day = columns.read.find(({ holdsDay }) => holdsDay)?.place ?? null;
  const read = definition.columns.map(({ name }) => columns.names.indexOf(name));
  return { read, day, categories: [] };
}

interface Batching {
  readonly definition: number;
  readonly batches: PlannedFile[][];
  /** Of the last batch's result. */
  rows: number;
}

/** In the order of the plan. */
function take(batching: Batching, file: PlannedFile, mostResultRows: number): void {
  const added =
    file.kind === 'wide'
      ? bucketsOf(file.definition) * Math.max(1, file.columns.categories.length)
      : 0;
  const batch = batching.batches.at(-1);
  const isWhole = file.kind === 'columns' && batch?.at(-1)?.day === file.day;
  const isFull = (batch?.length ?? 0) >= mostFilesAtOnce || batching.rows + added > mostResultRows;
  if (batch === undefined || (isFull && !isWhole)) {
    batching.batches.push([file]);
    batching.rows = added;
  } else {
    batch.push(file);
    batching.rows += added;
  }
}
