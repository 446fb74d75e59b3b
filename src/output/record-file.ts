/** The file of a commit record: JSON, checked in every field when it is read. */
import { z } from 'zod';
import type { Day, DayLayout } from '../model/day.js';
import { engineNames } from '../model/engine.js';
import { isTotal, type Total } from '../model/total.js';
import type { CommitRecord, RecordedDay, RecordHeader, Snapshot } from './commit-record.js';
import { changedDays, withChanges } from './differential.js';
import { headerLine } from './encode.js';

export const recordFormat = 3;

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
  /** Throws, with a reason, where `bytes` is no record of this layout. */
  decode(bytes: Buffer): RecordFile;
  /** As `decode`, without a look at the days. */
  decodeHeader(bytes: Buffer): RecordHeader;
  /** The whole record; `snapshot` is the one that the header names. */
  complete(file: RecordFile, snapshot: Snapshot | null): CommitRecord;
}

export function createRecordCodec(layout: DayLayout, owner: RecordOwner): RecordCodec {
  const { header: headerSchema, days: daysSchema } = schemasOf(layout, owner);

  const headerOf = (stored: unknown): RecordHeader => {
    const { format: _, ...header } = checked(headerSchema, stored);
    return header;
  };

  return {
    encode,
    decode: (bytes) => {
      const stored: unknown = JSON.parse(bytes.toString('utf8'));
      const header = headerOf(stored);
      return { header, days: inPlace(layout, checked(daysSchema, stored).days) };
    },
    decodeHeader: (bytes) => headerOf(JSON.parse(bytes.toString('utf8'))),
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
  throw new Error(z.prettifyError(parsed.error));
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

function schemasOf(layout: DayLayout, { dataset, output }: RecordOwner) {
  const ours = { dataset: z.literal(dataset), output: z.literal(output) };
  const unnamed = { dataset: ours.dataset.default(dataset), output: ours.output.default(output) };
  const common = {
    version,
    runId: z.string(),
    committedAt: z.string(),
    layout: z.literal(layout.name),
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
      format: z.literal(recordFormat),
      ...common,
      ...ours,
      ...said,
      snapshot: commitId.nullable(),
    }),
  ]);
  return { header, days: z.object({ days: z.array(daySchema(layout)) }) };
}

function daySchema(layout: DayLayout) {
  const day = z.string().transform((text, context): Day => {
    const parsed = layout.parse(text);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: `is not ${layout.shape}` });
    return z.NEVER;
  });
  const entry = z.object({
    day,
    /** In records of the first format; it follows from the sizes. */
    offset: count.optional(),
    sizeBytes: count,
    sha256,
    rows: count,
    // A number that is not exact is none: an older version could write one.
    items: z.custom<Total>(isTotal, 'is not an exact total'),
    orders: count.nullable(),
    fingerprint: z.array(fingerprintFile).nullable(),
    adopted: z.enum(['unverified', 'trusted']).nullable().optional(),
    definition: z.string().nullable().default(null),
    reprocess: z.boolean(),
    damage: z.enum(['altered', 'lost', 'doubled']).nullable(),
    version,
    runId: z.string(),
    committedAt: z.string(),
    engine: z.enum(engineNames).nullable(),
  });
  // Before the third format a day that no engine made had been adopted, and never compared with its raw files.
  return entry.transform(({ adopted, ...day }) => ({
    ...day,
    adopted: adopted === undefined ? (day.engine === null ? 'unverified' : null) : adopted,
  }));
}

/** Throws where the days are out of order, or do not lie where their sizes say. */
function inPlace(
  layout: DayLayout,
  stored: readonly (RecordedDay & { readonly offset?: number | undefined })[],
): RecordedDay[] {
  let end = headerLine(layout).length;
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
