import { z } from 'zod';
import { cursorParameter, queryInteger } from './query.js';
import { type Answer, component, nextCursorSchema } from './values.js';

const dayParameter = (description: string) =>
  z
    .string()
    .optional()
    .meta({ description, examples: ['3'] });

/** Any other name filters by a key column of the output. */
export const outputQuery = z
  .object({
    day: dayParameter('Only this day.'),
    from: dayParameter('Only this day and later ones.'),
    to: dayParameter('Only this day and earlier ones.'),
    limit: queryInteger(
      1,
      10_000,
      'The most rows to return. Default 1000. Not with text/csv.',
    ).optional(),
    cursor: cursorParameter.optional(),
  })
  .catchall(z.string());

const outputRowSchema = component(
  'OutputRow',
  'One row of the output: its cells by column name. An integer is a number if that is exact, otherwise text; decimals are text; an empty cell is null.',
  z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.null()])),
);

export const outputSchema = component(
  'OutputRows',
  'Rows of the output, by day and keys.',
  z.strictObject({
    rows: z.array(outputRowSchema),
    nextCursor: nextCursorSchema.describe(
      'Pass it as `cursor` for the next page; null on the last. Earlier pages can be short, or empty.',
    ),
  }),
);

export type OutputQuery = z.output<typeof outputQuery>;
export type OutputAnswer = Answer<typeof outputSchema>;
