/**
 * A commit record: one JSON file that alone describes the whole state after its commit. Written once,
 * never changed.
 */
import { z } from 'zod';
import type { Day, DayLayout } from '../core/day.js';
import { engineNames, type LedgerDay } from '../core/ports.js';

export const recordFormat = 1;

/** A day of the output, and where its bytes lie. Days without rows have length 0. */
export interface IndexedDay extends LedgerDay {
  readonly day: Day;
  readonly offset: number;
}

/** The file that a commit was spliced from, as it lay there. */
export interface BaseFile {
  readonly dev: string;
  readonly ino: string;
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  /** Whether it was a version that Daymark committed; if not, a copy of it is kept. */
  readonly ours: boolean;
}

export interface CommitRecord {
  readonly format: typeof recordFormat;
  readonly version: number;
  readonly runId: string;
  readonly committedAt: string;
  readonly layout: DayLayout['name'];
  /** The commit that this one was made from; null for the first. */
  readonly parent: { readonly version: number; readonly runId: string } | null;
  /** Whether the output's bytes changed: then a staged file was published for it. */
  readonly staged: boolean;
  readonly base: BaseFile | null;
  /** In day order; the rows of the days, one after the other behind the header, are the output. */
  readonly days: readonly IndexedDay[];
}

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const nanoseconds = z.string().regex(/^-?[0-9]+$/);

function recordSchema(layout: DayLayout) {
  const day = z.string().transform((text, context): Day => {
    const parsed = layout.parse(text);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: `is not ${layout.shape}` });
    return z.NEVER;
  });
  return z.object({
    format: z.literal(recordFormat),
    version: z.number().int().positive(),
    runId: z.string(),
    committedAt: z.string(),
    layout: z.literal(layout.name),
    parent: z.object({ version: z.number().int().positive(), runId: z.string() }).nullable(),
    staged: z.boolean(),
    base: z
      .object({
        dev: z.string(),
        ino: z.string(),
        sizeBytes: count,
        mtimeNs: nanoseconds,
        ours: z.boolean(),
      })
      .nullable(),
    days: z.array(
      z.object({
        day,
        offset: count,
        sizeBytes: count,
        sha256,
        rows: count,
        items: count,
        orders: count.nullable(),
        fingerprint: z
          .array(z.object({ name: z.string(), sizeBytes: count, mtimeNs: nanoseconds }))
          .nullable(),
        reprocess: z.boolean(),
        damage: z.enum(['altered', 'lost', 'doubled']).nullable(),
        version: z.number().int().positive(),
        runId: z.string(),
        committedAt: z.string(),
        engine: z.enum(engineNames).nullable(),
      }),
    ),
  });
}

export function encodeRecord(record: CommitRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}

/** Throws, with a reason, where `bytes` is no record of this layout. */
export function decodeRecord(bytes: Buffer, layout: DayLayout): CommitRecord {
  const parsed = recordSchema(layout).safeParse(JSON.parse(bytes.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
