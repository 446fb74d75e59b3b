/** The file of a run: JSON, checked in every field when it is read, so that all that is answered from it is whole. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { checkpointReadings } from '../model/checkpoint.js';
import { type Day, layoutOf } from '../model/day.js';
import { dayStates } from '../model/day-state.js';
import { engineChoices, engineNames } from '../model/engine.js';
import { problemSlugs } from '../model/problems.js';
import {
  dayErrorCodes,
  dayOutcomes,
  type KeyClaim,
  runStatuses,
  type StoredRun,
  selections,
} from '../model/run.js';
import { isTotal, type Total } from '../model/total.js';

/** Records of another form, from another version of Daymark, are left alone. */
const format = 1;

export function encodeRun({ run, keys, owner }: StoredRun): Buffer {
  // What a key asked for stands there where the run does something else: lists of days can be long.
  const asked = keys.map(({ request, ...key }) =>
    isDeepStrictEqual(request, run.request) ? key : { ...key, request },
  );
  return Buffer.from(`${JSON.stringify({ format, run, keys: asked, owner })}\n`);
}

/** Throws, with a reason, where `bytes` is no record of the run `runId`. */
export function decodeRun(bytes: Buffer, runId: string): StoredRun {
  const parsed = recordSchema.safeParse(JSON.parse(bytes.toString('utf8')));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { run, keys, owner } = parsed.data;
  if (run.id !== runId) throw new Error(`it is the record of run ${run.id}`);
  const bindings = keys.map((each) => ({ ...each, request: each.request ?? run.request }));
  return { run: { ...run, progress: null }, keys: bindings, owner };
}

export function encodeClaim(claim: KeyClaim): Buffer {
  return Buffer.from(`${JSON.stringify({ format, ...claim })}\n`);
}

/** Null where `bytes` is no claim. */
export function decodeClaim(bytes: Buffer): KeyClaim | null {
  const parsed = claimSchema.safeParse(jsonIn(bytes));
  if (!parsed.success) return null;
  const { format: _, ...claim } = parsed.data;
  return claim;
}

/** Whether a later version wrote it, in a form that this one does not know. */
export function isOfLaterFormat(bytes: Buffer): boolean {
  return laterSchema.safeParse(jsonIn(bytes)).success;
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

const count = z.number().int().nonnegative();
const total = z.custom<Total>(isTotal, 'is not an exact total');
const instant = z
  .string()
  .refine((text) => text.endsWith('Z') && !Number.isNaN(Date.parse(text)), 'is no moment in UTC');

/** Of any layout: the service may have had another when the run was made. */
const day = z.custom<Day>(
  (text) =>
    typeof text === 'string' &&
    (layoutOf('index').parse(text) ?? layoutOf('date').parse(text)) !== null,
  'is no day',
);

const rawProblem = z.object({
  file: z.string(),
  line: count.min(1).nullable(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  message: z.string(),
});

const dayError = z.object({
  code: z.enum(dayErrorCodes),
  detail: z.string(),
  problems: z.array(rawProblem),
  problemCount: count,
  // Records of earlier versions lack it: they counted all.
  stoppedAt: z.object({ file: z.string(), line: count.min(1).nullable() }).exactOptional(),
});

const difference = z.object({
  rowsAdded: count,
  rowsRemoved: count,
  rowsChanged: count,
  itemsBefore: total,
  itemsAfter: total,
});

const runDay = z.object({
  day,
  state: z.enum(dayStates),
  outcome: z.enum(dayOutcomes),
  orders: count.nullable(),
  rows: count,
  items: total,
  bytes: count,
  engine: z.enum(engineNames).exactOptional(),
  error: dayError.exactOptional(),
  reason: z.string().exactOptional(),
  difference: difference.exactOptional(),
});

const request = z.object({
  select: z.enum([...selections, 'days']),
  days: z.array(day).nullable(),
  dryRun: z.boolean(),
  engine: z.enum(engineChoices),
  // Records of earlier versions lack it, as they lack the engine's reason.
  engineAsked: z.boolean().default(false),
  onDayFailure: z.enum(['continue', 'stop']),
});

const run = z.object({
  id: z.uuid(),
  request,
  key: z.string().nullable(),
  attempt: count.min(1),
  status: z.enum(runStatuses),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  durationMs: z.number().nonnegative().nullable(),
  checkpoint: z.object({ before: day.nullable(), after: day.nullable() }),
  reading: z.enum(checkpointReadings).nullable(),
  commit: count.nullable(),
  days: z.array(runDay),
  engineReason: z.string().nullable().default(null),
  warnings: z.array(z.string()),
  error: z.object({ slug: z.enum(problemSlugs), detail: z.string() }).nullable(),
});

const binding = z.object({ key: z.string(), attempt: count.min(1), request });

const claimSchema = binding.extend({ format: z.literal(format), runId: z.uuid() });

const laterSchema = z.object({ format: z.int().gt(format) });

const recordSchema = z.object({
  format: z.literal(format),
  run,
  keys: z.array(binding.extend({ request: request.exactOptional() })),
  owner: z.object({ host: z.string(), pid: count, startedAt: z.string() }),
});
