import { z } from 'zod';
import { selections } from '../../model/run.js';
import { daySchema } from './day.js';
import { dayPageQuery } from './days.js';
import { noticesSchema } from './notices.js';
import { dayErrorSchema } from './run-day.js';
import { type Answer, component, count, nextCursorSchema } from './values.js';
import { dayStateSchema, readingSchema } from './words.js';

export const planQuery = z.strictObject({
  select: z
    .enum(selections)
    .optional()
    .describe('As in POST /v1/runs: `pending` (default), `new` or `all`.'),
  days: z
    .string()
    .optional()
    .meta({
      description: 'Exactly these days, separated by commas. Not together with `select`.',
      examples: ['2,3'],
    }),
  ...dayPageQuery,
});

const plannedDaySchema = component(
  'PlannedDay',
  'A day that a run would process now, and why.',
  z.strictObject({
    day: daySchema,
    state: dayStateSchema,
    reason: z.string(),
    files: count('Raw files.'),
    bytes: count('Of the raw files, as stored.'),
    lastError: dayErrorSchema
      .nullable()
      .describe('Why the newest run that touched it could not process it.'),
  }),
);

export const planSchema = component(
  'Plan',
  'What a run would do now. Nothing is aggregated.',
  z.strictObject({
    select: z.enum([...selections, 'days']),
    days: z.array(plannedDaySchema).describe('A page of those to be aggregated, in day order.'),
    nextCursor: nextCursorSchema,
    total: z
      .strictObject({
        days: count('To be aggregated.'),
        files: count('Raw files.'),
        bytes: count('Of the raw files, as stored.'),
      })
      .describe('Of all pages.'),
    leave: z
      .array(plannedDaySchema)
      .describe(
        'Listed days that have no raw data to aggregate; a run would report them as failed.',
      ),
    unknown: z.array(daySchema).describe('Listed days that do not exist; a run refuses them.'),
    checkpoint: z.strictObject({
      day: daySchema.nullable().describe('The right value for the store.'),
      reading: readingSchema,
    }),
    notices: noticesSchema,
  }),
);

export type PlanAnswer = Answer<typeof planSchema>;
