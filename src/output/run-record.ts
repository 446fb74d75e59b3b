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
import { olderTotals, totals } from './totals-file.js';

/** Records of another form, from another version of Daymark, are left alone. */
const format = 2;

/** Of a claim, which says nothing that has changed. */
const claimFormat = 1;

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
  return Buffer.from(`${JSON.stringify({ format: claimFormat, ...claim })}\n`);
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
const instant = z
  .string()
  .refine((text) => text.endsWith('Z') && !Number.isNaN(Date.parse(text)), 'is no moment in UTC');

/** In any layout: the service may have had another when the run was made. */
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
  // Records of earlier versions lack it: they counted everything.
  stoppedAt: z.object({ file: z.string(), line: count.min(1).nullable() }).exactOptional(),
});

const rowCounts = z.object({ rowsAdded: count, rowsRemoved: count, rowsChanged: count });

const difference = rowCounts.extend({ totalsBefore: totals, totalsAfter: totals });

const olderDifference = rowCounts
  .extend({ itemsBefore: olderTotals, itemsAfter: olderTotals })
  .transform(({ itemsBefore: totalsBefore, itemsAfter: totalsAfter, ...counts }) => ({
    ...counts,
    totalsBefore,
    totalsAfter,
  }));

const commonDay = z.object({
  day,
  state: z.enum(dayStates),
  outcome: z.enum(dayOutcomes),
  rows: count,
  bytes: count,
  engine: z.enum(engineNames).exactOptional(),
  error: dayError.exactOptional(),
  reason: z.string().exactOptional(),
});

const runDay = commonDay.extend({
  records: count.nullable(),
  totals,
  difference: difference.exactOptional(),
});

/** As records of the first format have it. */
const olderDay = commonDay
  .extend({
    orders: count.nullable(),
    items: olderTotals,
    difference: olderDifference.exactOptional(),
  })
  .transform(({ orders, items, ...rest }) => ({ ...rest, records: orders, totals: items }));

const request = z.object({
  select: z.enum([...selections, 'days']),
  days: z.array(day).nullable(),
  dryRun: z.boolean(),
  engine: z.enum(engineChoices),
  // Records of earlier versions lack it, as they lack the engine's reason.
  engineAsked: z.boolean().default(false),
  onDayFailure: z.enum(['continue', 'stop']),
});

const commonRun = z.object({
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
  engineReason: z.string().nullable().default(null),
  warnings: z.array(z.string()),
  error: z.object({ slug: z.enum(problemSlugs), detail: z.string() }).nullable(),
});

const binding = z.object({ key: z.string(), attempt: count.min(1), request });

const claimSchema = binding.extend({ format: z.literal(claimFormat), runId: z.uuid() });

const laterSchema = z.object({ format: z.int().gt(format) });

const common = {
  keys: z.array(binding.extend({ request: request.exactOptional() })),
  owner: z.object({ host: z.string(), pid: count, startedAt: z.string() }),
};

const recordSchema = z.discriminatedUnion('format', [
  z.object({ format: z.literal(1), run: commonRun.extend({ days: z.array(olderDay) }), ...common }),
  z.object({
    format: z.literal(format),
    run: commonRun.extend({ days: z.array(runDay) }),
    ...common,
  }),
]);
