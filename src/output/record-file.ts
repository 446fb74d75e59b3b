/** The file of a commit record: JSON, checked in every field when it is read. */
import { z } from 'zod';
import type { OutputShape } from '../model/column.js';
import { type Day, type DayLayout, layoutOf } from '../model/day.js';
import { type EngineName, engineNames } from '../model/engine.js';
import type { Adoption } from '../model/ledger.js';
import type { CommitRecord, RecordedDay, RecordHeader, Snapshot } from './commit-record.js';
import { changedDays, withChanges } from './differential.js';
import { headerLine } from './encode.js';
import { olderShape, storedShape } from './shape-file.js';
import { olderTotals, totals } from './totals-file.js';

export const recordFormat = 4;

/** Whose records these are: a record that names another dataset or output is none of ours. */
export interface RecordOwner {
  readonly dataset: string;
  /** The file name of the output. */
  readonly output: string;
}

export interface RecordFile {
  readonly header: RecordHeader;
  /** All days, or those that differ from the snapshot's. In day order. */
  readonly days: readonly RecordedDay[];
}

export interface RecordCodec {
  encode(record: CommitRecord): Buffer;
  /** Throws, with a reason, where `bytes` is no record of this kind of days. */
  decode(bytes: Buffer): RecordFile;
  /** As `decode`, without a look at the days. */
  decodeHeader(bytes: Buffer): RecordHeader;
  /** The whole record; `snapshot` is the one that the header names. */
  complete(file: RecordFile, snapshot: Snapshot | null): CommitRecord;
}

export function createRecordCodec(shape: OutputShape, owner: RecordOwner): RecordCodec {
  const layout = layoutOf(shape.dayKind);
  const { header: headerSchema, days, olderDays } = schemasOf(layout, owner);
  const headerOf = (stored: unknown) => {
    const { format, ...header } = checked(headerSchema, stored);
    const unnamed = format < recordFormat ? olderShape(layout.name) : shape;
    return { format, header: { ...header, shape: header.shape ?? unnamed } };
  };

  return {
    encode,
    decode: (bytes) => {
      const stored: unknown = JSON.parse(bytes.toString('utf8'));
      const { format, header } = headerOf(stored);
      const held = checked(format === recordFormat ? days : olderDays, stored);
      return { header, days: inPlace(layout, headerLine(header.shape).length, held.days) };
    },
    decodeHeader: (bytes) => headerOf(JSON.parse(bytes.toString('utf8'))).header,
    complete: ({ header, days }, snapshot) => ({
      ...header,
      snapshot,
      days: snapshot === null ? days : withChanges(layout, snapshot.days, days),
    }),
  };
}

function encode({ snapshot, days, ...header }: CommitRecord): Buffer {
  const held = snapshot === null ? days : changedDays(snapshot.days, days);
  if (held === null) throw new Error('a day of the snapshot is not in the record');
  const id = snapshot === null ? null : { version: snapshot.version, runId: snapshot.runId };
  const stored = { format: recordFormat, ...header, snapshot: id, days: held };
  return Buffer.from(`${JSON.stringify(stored)}\n`);
}

function checked<T>(schema: z.ZodType<T>, stored: unknown): T {
  const parsed = schema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.slice(0, mostIssues).map(tellIssue).join('; '));
}

const mostIssues = 3;

function tellIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

const count = z.number().int().nonnegative();
const version = z.number().int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const nanoseconds = z.string().regex(/^-?[0-9]+$/);
const fingerprintFile = z.object({
  name: z.string(),
  sizeBytes: count,
  mtimeNs: nanoseconds,
  ctimeNs: nanoseconds.exactOptional(),
  ino: z.string().exactOptional(),
});
const commitId = z.object({ version, runId: z.string() });
const fileMark = z.object({
  dev: z.string(),
  ino: z.string(),
  sizeBytes: count,
  mtimeNs: nanoseconds,
});
const baseFile = fileMark.extend({ ours: z.boolean() });

/** What records of the first two formats did not say. */
const unsaid = {
  settings: z.null().default(null),
  raw: z.null().default(null),
  columns: z.null().default(null),
};

const said = {
  settings: z.record(z.string(), z.string()).nullable(),
  raw: z.object({ device: z.string(), archived: count }).nullable(),
  columns: z.array(z.string()).nullable(),
};

function nameOf(what: string, name: string) {
  const error: z.core.$ZodErrorMap = ({ input }) =>
    `the record belongs to the ${what} ${JSON.stringify(input)}, and this one is "${name}"`;
  return z.literal(name, { error });
}

function schemasOf(layout: DayLayout, { dataset, output }: RecordOwner) {
  const ours = { dataset: nameOf('dataset', dataset), output: nameOf('output', output) };
  const unnamed = { dataset: ours.dataset.default(dataset), output: ours.output.default(output) };
  const common = {
    version,
    runId: z.string(),
    committedAt: z.string(),
    layout: z.literal(layout.name),
    shape: storedShape.nullable().default(null),
    parent: commitId.nullable(),
    staged: z.boolean(),
    file: fileMark.nullable().default(null),
    base: baseFile.nullable(),
  };
  const header = z.discriminatedUnion('format', [
    // Of the first format every record is full.
    z.object({
      format: z.literal(1),
      ...common,
      ...unnamed,
      ...unsaid,
      snapshot: z.null().default(null),
    }),
    z.object({
      format: z.literal(2),
      ...common,
      ...unnamed,
      ...unsaid,
      snapshot: commitId.nullable(),
    }),
    z.object({
      format: z.literal([3, recordFormat]),
      ...common,
      ...ours,
      ...said,
      snapshot: commitId.nullable(),
    }),
  ]);
  return { header, ...daysSchemasOf(layout) };
}

function daysSchemasOf(layout: DayLayout) {
  const day = z.string().transform((text, context): Day => {
    const parsed = layout.parse(text);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: `is not ${layout.shape}` });
    return z.NEVER;
  });
  const adopted = z.enum(['unverified', 'trusted']).nullable();
  const common = z.object({
    day,
    sizeBytes: count,
    sha256,
    rows: count,
    fingerprint: z.array(fingerprintFile).nullable(),
    definition: z.string().nullable().default(null),
    reprocess: z.boolean(),
    damage: z.enum(['altered', 'lost', 'doubled']).nullable(),
    version,
    runId: z.string(),
    committedAt: z.string(),
    engine: z.enum(engineNames).nullable(),
  });
  const entry = common.extend({ totals, records: count.nullable(), adopted });
  const older = common.extend({
    /** In records of the first format; it follows from the sizes. */
    offset: count.optional(),
    items: olderTotals,
    orders: count.nullable(),
    adopted: adopted.optional(),
  });
  const olderEntry = older.transform(({ items: totals, orders: records, ...day }) => ({
    ...day,
    totals,
    records,
    // Before the third format a day that no engine made had been adopted, and never compared with its raw files.
    adopted: day.adopted === undefined ? unlessMade(day.engine) : day.adopted,
  }));
  return {
    days: z.object({ days: z.array(entry) }),
    /** Before the fourth format all rows were counts of items, made of orders. */
    olderDays: z.object({ days: z.array(olderEntry) }),
  };
}

function unlessMade(engine: EngineName | null): Adoption | null {
  return engine === null ? 'unverified' : null;
}

/** Throws where the days are out of order, or do not lie where their sizes say. */
function inPlace(
  layout: DayLayout,
  rowsAt: number,
  stored: readonly (RecordedDay & { readonly offset?: number | undefined })[],
): RecordedDay[] {
  let end = rowsAt;
  let last: Day | null = null;
  return stored.map(({ offset = end, ...entry }) => {
    if (last !== null && layout.compare(last, entry.day) >= 0) throw outOfPlace(entry.day);
    if (offset !== end) throw outOfPlace(entry.day);
    last = entry.day;
    end += entry.sizeBytes;
    return entry;
  });
}

function outOfPlace(day: Day): Error {
  return new Error(`day ${day} is not in its place`);
}
