/**
 * What an application left in its folder: one result a day and, written last, a manifest. Nothing is trusted before it
 * is checked: that it is ours, complete, for the planned days and files, and well-formed.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bucketsOf } from '../../model/definition.js';
import { ProblemError } from '../../model/problems.js';
import type { PlannedFile, WidePlanned } from './plan.js';

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A file that lies beside the manifest. */
const writtenSchema = z.strictObject({
  name: z.string().regex(/^day-[0-9]+\.(?:json|rows)$/),
  sizeBytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

type Written = z.output<typeof writtenSchema>;

const manifestSchema = z.strictObject({
  format: z.literal(1),
  token: z.string(),
  application: z.string().min(1),
  spark: z.string().min(1),
  days: z.array(writtenSchema.extend({ day: count })),
});

/** What lines were, by how many: the header, rows, or what is wrong with them as a whole. */
export const lineMarks = [
  'header',
  'row',
  'blank',
  'cells',
  'quote',
  'cr',
  'nul',
  'utf8',
  'long',
] as const;
export type LineMark = (typeof lineMarks)[number];

export const cellKinds = ['number', 'large', 'by', 'day', 'type', 'empty'] as const;
export type CellKind = (typeof cellKinds)[number];

const seenFileSchema = z.strictObject({
  file: count,
  /** Null where Spark found no file. */
  sizeBytes: count.nullable(),
  /** Why Spark could not read it. */
  trouble: z.string().nullable(),
  lines: z.partialRecord(z.enum(lineMarks), count),
  /** Of all lines, each with a line end of one byte. */
  plainBytes: count,
  /** Lines that end with CR. */
  crLines: count,
  badCells: count,
  examples: z
    .array(z.strictObject({ column: count, kind: z.enum(cellKinds), value: z.string().nullable() }))
    .max(20),
  /** Bucket, column, sum; null where the sum is not exact. */
  sums: z.array(z.tuple([count, count, count.min(1).nullable()])),
});

const dayResultSchema = z.strictObject({
  token: z.string(),
  day: count,
  files: z.array(seenFileSchema),
  /** Of the definition `columns`; null where there are too many. */
  rows: writtenSchema.nullable().optional(),
});

/** What Spark saw of one file. */
export type SeenFile = z.output<typeof seenFileSchema>;

type Manifest = z.output<typeof manifestSchema>;

/** What Spark saw of a day. */
export interface SeenDay {
  /** By their ids. */
  readonly files: ReadonlyMap<number, SeenFile>;
  /** Of the definition `columns`, as the job packs them; null where there are too many. */
  readonly rows: Buffer | null;
}

export interface Results {
  /** Throws ProblemError where the result is not sound. */
  ofDay(day: number): Promise<SeenDay>;
}

/** Throws ProblemError where there is no manifest, or not the one of this plan. */
export async function openResults(
  folder: string,
  token: string,
  files: readonly PlannedFile[],
): Promise<Results> {
  const planned = byDay(files);
  const manifest = await readManifest(folder);
  if (manifest.token !== token) throw unsound('its manifest belongs to another application');
  const entries = new Map(manifest.days.map((entry) => [entry.day, entry]));
  const sameDays =
    entries.size === planned.size && [...planned.keys()].every((day) => entries.has(day));
  if (!sameDays || manifest.days.length !== planned.size) {
    throw unsound('its manifest holds other days than were asked for');
  }

  return {
    ofDay: async (day) => {
      const entry = entries.get(day) as Manifest['days'][number];
      const result = await readDay(folder, entry);
      if (result.token !== token || result.day !== day) {
        throw unsound(`${entry.name} is the result of something else`);
      }
      const { rows } = result;
      return {
        files: checkFiles(entry.name, result.files, planned.get(day) ?? []),
        rows: rows ? await readWritten(folder, rows) : null,
      };
    },
  };
}

function byDay(files: readonly PlannedFile[]): ReadonlyMap<number, readonly PlannedFile[]> {
  const days = new Map<number, PlannedFile[]>();
  for (const file of files) {
    const day = days.get(file.day);
    if (day === undefined) days.set(file.day, [file]);
    else day.push(file);
  }
  return days;
}

async function readManifest(folder: string): Promise<Manifest> {
  const bytes = await readFile(join(folder, 'manifest.json')).catch((error) => {
    if (error.code === 'ENOENT') throw unsound('it ended without a manifest');
    throw error;
  });
  return parsed(manifestSchema, bytes, 'manifest.json');
}

async function readDay(folder: string, entry: Written) {
  return parsed(dayResultSchema, await readWritten(folder, entry), entry.name);
}

async function readWritten(folder: string, { name, sizeBytes, sha256 }: Written): Promise<Buffer> {
  const bytes = await readFile(join(folder, name)).catch((error) => {
    if (error.code === 'ENOENT') throw unsound(`${name} is missing`);
    throw error;
  });
  if (bytes.length !== sizeBytes) {
    throw unsound(`${name} has ${bytes.length} bytes, and its manifest says ${sizeBytes}`);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw unsound(`${name} is not what its manifest says: its SHA-256 differs`);
  }
  return bytes;
}

function parsed<Schema extends z.ZodType>(schema: Schema, bytes: Buffer, name: string) {
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw unsound(`${name} is not well-formed: ${detail.slice(0, 500)}`, error);
  }
}

function checkFiles(
  name: string,
  seen: readonly SeenFile[],
  planned: readonly PlannedFile[],
): ReadonlyMap<number, SeenFile> {
  const byId = new Map(seen.map((file) => [file.file, file]));
  if (byId.size !== seen.length || byId.size !== planned.length) {
    throw unsound(`${name} holds other files than were asked for`);
  }
  for (const each of planned) {
    const file = byId.get(each.id);
    if (file === undefined) throw unsound(`${name} lacks a file that was asked for`);
    if (each.kind === 'wide') checkColumns(name, file, each);
    else checkExamples(name, file, each);
  }
  return byId;
}

function checkColumns(
  name: string,
  { sums, examples }: SeenFile,
  { definition, columns }: WidePlanned,
): void {
  const buckets = bucketsOf(definition);
  if (!sums.every(([bucket]) => bucket < buckets)) {
    throw unsound(`${name} holds a sum of values that no row may have`);
  }
  const categories = new Set(columns.categories);
  const places = new Set(sums.map(([bucket, column]) => buckets * column + bucket));
  if (places.size !== sums.length) throw unsound(`${name} holds a sum twice`);
  if (!sums.every(([, column]) => categories.has(column))) {
    throw unsound(`${name} holds sums of a column that is no category`);
  }
  const isThere = ({ column, kind }: SeenFile['examples'][number]) =>
    column < columns.names.length && (kind !== 'by' || columns.by.includes(column));
  if (!examples.every(isThere)) {
    throw unsound(`${name} speaks of a column that the file does not have`);
  }
}

function checkExamples(name: string, { sums, examples }: SeenFile, planned: PlannedFile): void {
  const { length } = planned.columns.names;
  if (sums.length > 0 || !examples.every(({ column }) => column < length)) {
    throw unsound(`${name} speaks of a column that the file does not have`);
  }
}

export function unsound(what: string, cause?: unknown): ProblemError {
  const detail = `The Spark application’s results cannot be used: ${what}. None of them was used.`;
  return new ProblemError('engine-failed', detail, { cause });
}
