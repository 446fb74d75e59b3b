import { z } from 'zod';
import { engineChoices } from '../../model/engine.js';
import { verdicts } from '../../model/verdict.js';
import { daySchema } from './day.js';
import { waitSeconds } from './query.js';
import { differenceSchema } from './run-day.js';
import { type Answer, component, count, countsOf, totalsSchema } from './values.js';
import { dayStateSchema } from './words.js';

export const verifyQuery = z.strictObject({
  days: z
    .string()
    .optional()
    .meta({
      description: 'Only these days, separated by commas; all days by default.',
      examples: ['3,5'],
    }),
  engine: z
    .enum(engineChoices)
    .optional()
    .describe('The engine that reads the raw files; the configured one by default.'),
  wait: waitSeconds.optional(),
});

const verdictSchema = component(
  'Verdict',
  '`same`: the output holds what the raw files say. `differs`: it holds something else. `missing`: it should hold the day, and does not. `pending`: the day is above the checkpoint, and the next run adds it. `unreadable`: its raw files cannot be read, so it cannot be compared. `no-raw`: its raw folder is gone or not ready, so there is nothing to compare with.',
  z.enum(verdicts),
);

const dayVerdictSchema = component(
  'DayVerdict',
  'The result of the comparison for one day.',
  z.strictObject({
    day: daySchema,
    verdict: verdictSchema,
    state: dayStateSchema,
    how: z.string().describe('How it differs, or why it could not be compared; empty for `same`.'),
    times: z
      .int()
      .min(2)
      .nullable()
      .describe('The output counts everything this many times; null for any other difference.'),
    rows: z
      .strictObject({
        output: count('In the output.'),
        raw: count('By the raw files; null where they could not be read.').nullable(),
      })
      .describe('Rows of different keys.'),
    totals: z
      .strictObject({
        output: totalsSchema.describe('In the output.'),
        raw: totalsSchema
          .nullable()
          .describe('By the raw files; null where they could not be read.'),
      })
      .describe('The sum of the rows.'),
    difference: differenceSchema.nullable().describe('Null if nothing was compared.'),
  }),
);

export const verifySchema = component(
  'Verification',
  'The result of comparing the output with its raw files.',
  z.strictObject({
    ok: z
      .boolean()
      .describe('The overall verdict: true if no day is `differs`, `missing` or `unreadable`.'),
    runId: z.string().describe('The dry run that compared them.'),
    counts: countsOf(verdicts).describe('How many days have each verdict.'),
    warnings: z.array(z.string()).describe('Of the run.'),
    days: z.array(dayVerdictSchema).describe('In day order.'),
  }),
);

export type VerifyAnswer = Answer<typeof verifySchema>;
