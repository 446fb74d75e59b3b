import { z } from 'zod';
import { dayErrorCodes } from '../../model/run.js';
import { daySchema } from './day.js';
import { component, count, totalsSchema } from './values.js';
import { dayOutcomeSchema, dayStateSchema, engineSchema } from './words.js';

const rawProblemSchema = component(
  'RawProblem',
  'One thing that is wrong in a raw file.',
  z.strictObject({
    file: z.string(),
    line: z.int().min(1).nullable().describe('From 1; null if the file as a whole is wrong.'),
    column: z.string().nullable(),
    value: z.string().nullable().describe('As it appears in the file.'),
    message: z.string(),
  }),
);

export const dayErrorSchema = component(
  'DayError',
  'Why a day was not processed.',
  z.strictObject({
    code: z.enum(dayErrorCodes),
    detail: z.string(),
    problems: z.array(rawProblemSchema).describe('The first 20.'),
    problemCount: count('How many in all; a lower bound if `stoppedAt` is present.'),
    stoppedAt: z
      .strictObject({ file: z.string(), line: z.int().min(1).nullable() })
      .describe(
        'Where reading stopped because there were too many problems. Absent if all were counted.',
      )
      .exactOptional(),
  }),
);

export const differenceSchema = z.strictObject({
  rowsAdded: count('Rows that the output does not hold.'),
  rowsRemoved: count('Rows that only the output holds.'),
  rowsChanged: count('Rows whose values would change.'),
  totalsBefore: totalsSchema.describe('Of the day in the output.'),
  totalsAfter: totalsSchema.describe('Of the day according to its current raw files.'),
});

export const runDaySchema = component(
  'RunDay',
  'The outcome of one day in a run.',
  z.strictObject({
    day: daySchema,
    state: dayStateSchema.describe('Before the run.'),
    outcome: dayOutcomeSchema,
    records: count('Data rows read; null if none could be.').nullable(),
    rows: count('Rows of the output.'),
    totals: totalsSchema,
    bytes: count('Of the raw files.'),
    engine: engineSchema
      .describe('The engine that read its raw files, or was going to.')
      .optional(),
    error: dayErrorSchema.optional(),
    reason: z.string().describe('Why it was skipped.').optional(),
    difference: differenceSchema.describe('What a dry run would change.').optional(),
  }),
);
