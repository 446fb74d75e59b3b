import { z } from 'zod';
import { daySchema } from './day.js';
import { cursorParameter, queryInteger } from './query.js';
import { type Answer, component, nextCursorSchema } from './values.js';

export const outputQuery = z.strictObject({
  day: z
    .string()
    .optional()
    .meta({ description: 'Only this day.', examples: ['3'] }),
  hour: queryInteger(0, 23, 'Only this hour.').optional(),
  category: z
    .string()
    .optional()
    .meta({ description: 'Only this category.', examples: ['produce'] }),
  limit: queryInteger(1, 10_000, 'How many rows to answer with at most. Default 1000.').optional(),
  cursor: cursorParameter.optional(),
});

const outputRowSchema = component(
  'OutputRow',
  'One row of the output.',
  z.strictObject({
    day: daySchema,
    hour: z.int().min(0).max(23),
    category: z.string(),
    items: z.int().min(0),
  }),
);

export const outputSchema = component(
  'OutputRows',
  'Rows of the output, by day, hour and category.',
  z.strictObject({
    rows: z.array(outputRowSchema),
    nextCursor: nextCursorSchema.describe(
      'Pass it as `cursor` for the next page; null on the last. A page before that can be short, or empty.',
    ),
  }),
);

export type OutputQuery = z.output<typeof outputQuery>;
export type OutputAnswer = Answer<typeof outputSchema>;
