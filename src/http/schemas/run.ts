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

/** The most days that a list names of those which a run was asked for. */
export const listedRequestedDays = 10;

const amountSchema = z.strictObject({ done: count('So far.'), total: count('In the end.') });

const runErrorSchema = z.strictObject({
  type: problemTypeSchema,
  title: z.string().describe('The kind of problem, in words.'),
  detail: z.string().describe('What happened.'),
});

const progressSchema = component(
  'RunProgress',
  'How far a run is. Never goes back, unless another writer was faster and the run plans again.',
  z.strictObject({
    day: daySchema
      .nullable()
      .describe(
        'The day whose raw files are being read; null where none is, as during the commit, or several are.',
      ),
    days: amountSchema.describe(
      'Of the days that it takes; failed and skipped ones count as done.',
    ),
    bytes: amountSchema.describe('Of the raw files of these days, as stored.'),
    engine: z
      .strictObject({
        application: z.string().describe('The id under which the cluster knows it.'),
        stages: amountSchema.describe('As far as they are known: their number may grow.'),
        tasks: amountSchema.describe('Of these stages.'),
      })
      .nullable()
      .describe('Of an engine that works elsewhere (`spark`), while it does; null otherwise.'),
  }),
);

const runSummarySchema = component(
  'RunSummary',
  'What became of the days of a run, in figures.',
  z.strictObject({
    days: count('Days that the run is done with.'),
    outcomes: countsOf(dayOutcomes).describe('How many of them had each outcome.'),
    requestedDays: count('How many days were listed; null where none were.').nullable(),
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
      .describe(
        'The idempotency key that it was asked for with; of several, the one that is asked with.',
      ),
    attempt: z.int().min(1).describe('Above 1 where earlier runs of the same key were not enough.'),
    status: runStatusSchema,
    select: z
      .enum([...selections, 'days'])
      .describe('Which days were asked for; `days` where they were listed.'),
    requestedDays: z.array(daySchema).nullable().describe('The listed days.'),
    dryRun: z.boolean().describe('It only tells what it would change.'),
    engine: engineChoiceSchema.describe('What was asked for. `days` say which engine read them.'),
    engineReason: z
      .string()
      .nullable()
      .describe('Why which engine does the run, where it was left to `auto`; null otherwise.'),
    onDayFailure: z
      .enum(['continue', 'stop'])
      .describe('What a day that fails means for the next.'),
    createdAt: instant('When it was asked for.'),
    startedAt: instant('When it left the queue.').nullable(),
    finishedAt: instant(
      'When it ended: its start and its duration, however the wall clock was set meanwhile.',
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
    commit: count(
      'The commit version that holds its changes; null where there were none.',
    ).nullable(),
    summary: runSummarySchema.describe('Its days in figures.'),
    days: z.array(runDaySchema).describe('What became of each day, in day order.'),
    progress: progressSchema
      .nullable()
      .describe('While it works in this process; null before and afterwards.'),
    warnings: z.array(z.string()).describe('What a person should know, and failed nothing.'),
    error: runErrorSchema.nullable().describe('Why the run as a whole failed, beside its days.'),
  }),
);

export type RunAnswer = Answer<typeof runSchema>;

export const listedRunSchema = component(
  'ListedRun',
  'A run in a list: its days as figures alone, whatever their number.',
  runSchema.extend({
    requestedDays: z
      .array(daySchema)
      .nullable()
      .describe(
        `The listed days; the first ${listedRequestedDays}, unless \`expand=days\` asks for all.`,
      ),
    days: runSchema.shape.days
      .optional()
      .describe('What became of each day, in day order; only with `expand=days`.'),
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
