import { z } from 'zod';
import { dayOutcomes, selections } from '../../model/run.js';
import { daySchema } from './day.js';
import { runDaySchema } from './run-day.js';
import {
  type Answer,
  component,
  count,
  countsOf,
  instant,
  nextCursorSchema,
  totalSchema,
  totalsSchema,
} from './values.js';
import { engineChoiceSchema, problemTypeSchema, readingSchema, runStatusSchema } from './words.js';

/** The most requested days that a list of runs shows for each. */
export const listedRequestedDays = 10;

const amountSchema = z.strictObject({ done: count('So far.'), total: count('At the end.') });

const runErrorSchema = z.strictObject({
  type: problemTypeSchema,
  title: z.string().describe('The kind of problem, in words.'),
  detail: z.string().describe('What happened.'),
});

const progressSchema = component(
  'RunProgress',
  'The progress of a run. It never goes back, unless another writer was faster and the run plans again.',
  z.strictObject({
    day: daySchema
      .nullable()
      .describe(
        'The day whose raw files are being read; null if there is none, as during the commit, or several.',
      ),
    days: amountSchema.describe('Of its days; failed and skipped ones count as done.'),
    bytes: amountSchema.describe('Of the raw files of these days, as stored.'),
    engine: z
      .strictObject({
        application: z.string().describe('The application’s id on the cluster.'),
        stages: amountSchema.describe('The known ones; their number may grow.'),
        tasks: amountSchema.describe('Of these stages.'),
      })
      .nullable()
      .describe('For an engine that works elsewhere (`spark`), while it does; otherwise null.'),
  }),
);

const runSummarySchema = component(
  'RunSummary',
  'Totals for the days of a run.',
  z.strictObject({
    days: count('Days that the run is done with.'),
    outcomes: countsOf(dayOutcomes).describe('How many of them had each outcome.'),
    requestedDays: count('How many days were listed; null if none were.').nullable(),
    records: totalSchema.describe('Data rows read.'),
    rows: count('Rows of the output.'),
    totals: totalsSchema,
    bytes: count('Of the raw files.'),
  }),
);

export const runSchema = component(
  'Run',
  'One run: reconcile, plan, aggregate, commit, publish, advance the checkpoint.',
  z.strictObject({
    id: z.uuid().describe('A UUIDv7: ids sort by time.').meta({ pattern: undefined }),
    key: z
      .string()
      .nullable()
      .describe('The idempotency key that requested it; of several, the one in this request.'),
    attempt: z.int().min(1).describe('Above 1 if earlier runs of the same key did not succeed.'),
    status: runStatusSchema,
    select: z
      .enum([...selections, 'days'])
      .describe('Which days were requested; `days` if they were listed.'),
    requestedDays: z.array(daySchema).nullable().describe('The listed days.'),
    dryRun: z.boolean().describe('It only reports what it would change.'),
    engine: engineChoiceSchema.describe(
      'The requested engine. `days` say which engine read each day.',
    ),
    engineReason: z
      .string()
      .nullable()
      .describe('Why this engine was chosen, if the choice was left to `auto`; otherwise null.'),
    onDayFailure: z
      .enum(['continue', 'stop'])
      .describe('What a failed day means for the later ones.'),
    createdAt: instant('When it was requested.'),
    startedAt: instant('When it left the queue.').nullable(),
    finishedAt: instant(
      'When it ended: its start plus its duration, even if the wall clock was changed in between.',
    ).nullable(),
    durationMs: z
      .number()
      .min(0)
      .nullable()
      .describe('From start to end, in milliseconds, by the monotonic clock.'),
    checkpoint: z
      .strictObject({ before: daySchema.nullable(), after: daySchema.nullable() })
      .describe('The highest processed day before and after the run.'),
    reading: readingSchema
      .nullable()
      .describe('What the checkpoint store looked like when the run started.'),
    commit: count('The commit version that holds its changes; null if there were none.').nullable(),
    summary: runSummarySchema.describe('Totals for its days.'),
    days: z.array(runDaySchema).describe('The outcome of each day, in day order.'),
    progress: progressSchema
      .nullable()
      .describe('While it works in this process; null before and after.'),
    warnings: z.array(z.string()).describe('What people should know, although it failed nothing.'),
    error: runErrorSchema
      .nullable()
      .describe('Why the run as a whole failed, apart from its days.'),
  }),
);

export type RunAnswer = Answer<typeof runSchema>;

export const listedRunSchema = component(
  'ListedRun',
  'A run in a list: only totals for its days, whatever their number.',
  runSchema.extend({
    requestedDays: z
      .array(daySchema)
      .nullable()
      .describe(
        `The listed days; the first ${listedRequestedDays}, unless \`expand=days\` asks for all.`,
      ),
    days: runSchema.shape.days
      .optional()
      .describe('The outcome of each day, in day order; only with `expand=days`.'),
  }),
);

export const runListSchema = component(
  'RunList',
  'Runs, the newest first.',
  z.strictObject({
    runs: z.array(listedRunSchema),
    nextCursor: nextCursorSchema,
  }),
);

export type ListedRunAnswer = Answer<typeof listedRunSchema>;
export type RunListAnswer = Answer<typeof runListSchema>;
