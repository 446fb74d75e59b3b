/** Days of Parquet files, written for a test by two writers, and read by the engine with a DuckDB of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  ByteWriter,
  type ColumnSource,
  parquetWriteBuffer,
  type SchemaElement,
} from 'hyparquet-writer';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import { afterAll, beforeAll } from 'vitest';
import type { Engine } from '../../../../src/core/ports/engine.js';
import type { RawFile } from '../../../../src/core/ports/raw.js';
import type { ColumnsDay } from '../../../../src/engine/csv/columns/aggregate-columns.js';
import { createDuckDb } from '../../../../src/engine/duckdb/child-process.js';
import type { DuckDb } from '../../../../src/engine/duckdb/duckdb.js';
import { createDuckDbEngine } from '../../../../src/engine/duckdb/engine.js';
import {
  createLookAtFile,
  createLookAtParquet,
} from '../../../../src/engine/duckdb/look-at-file.js';
import { columnsOnThread } from '../../../../src/engine/threads/columns-on-thread.js';
import { ThreadPool } from '../../../../src/engine/threads/thread-pool.js';
import { placeOf } from '../../../../src/model/raw-problem.js';
import { makeTempDir } from '../../../support/temp-dir.js';
import {
  type ColumnsJobOptions,
  columnsJob,
  definitionOf,
  linesOf,
  type ShortSource,
} from '../../columns/job.js';
import { writeFiles } from '../../job.js';

let duckdb: DuckDb | null = null;
let pool: ThreadPool | null = null;

/** One for all tests of a file. */
export function withDuckDb(): void {
  beforeAll(() => {
    duckdb = createDuckDb({ memoryBytes: 2 ** 30, threads: 2, atOnce: 2 });
    pool = new ThreadPool({ size: 1 });
  });
  afterAll(async () => {
    await duckdb?.close();
    await pool?.close();
  });
}

export function engineFor({ mostRows = 10_000 }: { readonly mostRows?: number } = {}): Engine {
  if (duckdb === null || pool === null) throw new Error('withDuckDb was not called');
  return createDuckDbEngine({
    ...{ duckdb, mostRows },
    look: createLookAtFile(pool),
    lookAtParquet: createLookAtParquet(pool),
    localColumns: columnsOnThread(pool),
  });
}

export type Files = Readonly<Record<string, Uint8Array>>;

export async function dayOf(
  files: Files,
  source: ShortSource,
  options: ColumnsJobOptions & { readonly mostRows?: number } = {},
): Promise<ColumnsDay> {
  return dayOver(await writeFiles(files), source, options);
}

export async function dayOver(
  files: readonly RawFile[],
  source: ShortSource,
  options: ColumnsJobOptions & { readonly mostRows?: number } = {},
): Promise<ColumnsDay> {
  const job = columnsJob(files, definitionOf(source), options);
  return engineFor(options).aggregate(job);
}

export async function rows(files: Files, source: ShortSource, options?: ColumnsJobOptions) {
  return linesOf(await dayOf(files, source, options));
}

/** Each in a sentence, as people see it. */
export async function problems(files: Files, source: ShortSource, options?: ColumnsJobOptions) {
  const day = await dayOf(files, source, options);
  if (day.kind === 'aggregated') throw new Error(`the day was accepted: ${linesOf(day)}`);
  return day.problems.map(placeOf);
}

export interface Written {
  readonly columns: readonly ColumnSource[];
  readonly schema?: readonly SchemaElement[];
  readonly rowGroupSize?: number;
  readonly codec?: 'UNCOMPRESSED' | 'SNAPPY';
}

export function written({ columns, schema, rowGroupSize, codec }: Written): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: [...columns],
    ...(schema && { schema: [...schema] }),
    ...(rowGroupSize && { rowGroupSize }),
    ...(codec && { codec }),
  });
  return new Uint8Array(buffer);
}

/** One column `x` of a type that only a schema can say. */
export function typed(element: Omit<SchemaElement, 'name'>, data: readonly unknown[]): Uint8Array {
  const root = { name: 'root', num_children: 1 };
  const own = { repetition_type: 'OPTIONAL', ...element, name: 'x' } as SchemaElement;
  return written({ columns: [{ name: 'x', data: [...data] }], schema: [root, own] });
}

/** A column `x` of INT96: nanoseconds of a day, and its Julian number. */
export function withInt96(nanos: readonly (bigint | null)[], days: readonly (number | null)[]) {
  const data = nanos.map((each, at) => {
    if (each === null) return null;
    const bytes = Buffer.alloc(12);
    bytes.writeBigInt64LE(each);
    bytes.writeInt32LE(days[at] ?? 0, 8);
    return new Uint8Array(bytes);
  });
  const element = { name: 'x', type: 'FIXED_LEN_BYTE_ARRAY', repetition_type: 'OPTIONAL' } as const;
  const file = Buffer.from(
    written({
      columns: [{ name: 'x', data }],
      schema: [
        { name: 'root', num_children: 1 },
        { ...element, type_length: 12 },
      ],
      codec: 'UNCOMPRESSED',
    }),
  );
  // The same bytes, under their own type: in the schema, and in the column's pages.
  const from = file.length - 8 - file.readUInt32LE(file.length - 8);
  const retyped = file
    .toString('latin1', from)
    .replace('\x15\x0e\x15\x18', '\x15\x06\x15\x18')
    .replace('\x1c\x15\x0e\x19', '\x1c\x15\x06\x19');
  return Buffer.concat([file.subarray(0, from), Buffer.from(retyped, 'latin1')]);
}

/** Files as DuckDB writes the results of queries. */
export async function copied(
  selects: Readonly<Record<string, string>>,
  options = '',
): Promise<Record<string, Uint8Array>> {
  const folder = await makeTempDir();
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const files: Record<string, Uint8Array> = {};
    for (const [name, select] of Object.entries(selects)) {
      const path = join(folder, name);
      await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet ${options})`);
      files[name] = await readFile(path);
    }
    return files;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

type Thrift = Parameters<typeof serializeTCompactProtocol>[1];

/** A required INT32 column `x`, in one page with its checksum; the footer says `count` rows. */
export function withChecksum(values: readonly number[], count = values.length): Buffer {
  const body = Buffer.from(Int32Array.from(values).buffer);
  const page = { field_1: values.length, field_2: 0, field_3: 3, field_4: 3 };
  const crc = crc32(body) | 0;
  const [type, size] = [0, body.length];
  const head = thrift({ field_1: type, field_2: size, field_3: size, field_4: crc, field_5: page });
  const sizes = { field_6: BigInt(head.length + size), field_7: BigInt(head.length + size) };
  const meta = {
    ...{ field_1: 1, field_2: [0], field_3: ['x'], field_4: 0, field_5: BigInt(count) },
    ...{ ...sizes, field_9: 4n },
  };
  const chunk = { field_2: 4n, field_3: meta };
  const group = { field_1: [chunk], field_2: BigInt(size), field_3: BigInt(count) };
  const root = { field_4: 'root', field_5: 1 };
  const schema = [root, { field_1: 1, field_3: 0, field_4: 'x' }];
  const footer = thrift({ field_1: 1, field_2: schema, field_3: BigInt(count), field_4: [group] });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const mark = Buffer.from('PAR1');
  return Buffer.concat([mark, head, body, footer, length, mark]);
}

function thrift(value: Thrift): Buffer {
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer, value);
  return Buffer.from(writer.getBytes());
}
