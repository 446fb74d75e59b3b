import { z } from 'zod';
import { daySchema } from './day.js';
import { cursorParameter, queryInteger } from './query.js';
import { type Answer, component, count, nextCursorSchema, totalsSchema } from './values.js';

const dayParameter = (description: string) =>
  z
    .string()
    .optional()
    .meta({ description, examples: ['3'] });

const dayFilter = {
  day: dayParameter('Only this day.'),
  from: dayParameter('Only this day and later ones.'),
  to: dayParameter('Only this day and earlier ones.'),
};

/** Any other name filters by a key column of the output. */
export const outputQuery = z
  .object({
    ...dayFilter,
    limit: queryInteger(
      1,
      10_000,
      'The most rows to return. Default 1000. Not with text/csv.',
    ).optional(),
    cursor: cursorParameter.optional(),
  })
  .catchall(z.string());

export const sumsQuery = z
  .object({
    by: z.string().meta({ description: 'The key column to sum up by.', examples: ['hour_of_day'] }),
    per: z.literal('day').optional().describe('Sums of each day instead of all days together.'),
    measure: z
      .string()
      .optional()
      .describe(
        'What sorts the sums, the largest first: a measure that can be added up, or `rows`. The first such measure where it is left out.',
      ),
    ...dayFilter,
    limit: queryInteger(1, 2_000, 'How many sums to answer with at most. Default 20.').optional(),
  })
  .catchall(z.string());

const cellSchema = z.union([z.string(), z.int(), z.boolean(), z.null()]);

const outputRowSchema = component(
  'OutputRow',
  'One row of the output: its cells by column name. An integer is a number if that is exact, otherwise text; decimals are text; an empty cell is null.',
  z.record(z.string(), cellSchema),
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

const sumSchema = { rows: count('Rows of the output.'), totals: totalsSchema };

export const sumsSchema = component(
  'OutputSums',
  'What rows of the output come to, by the values of one of their keys.',
  z.strictObject({
    groups: z
      .array(
        z.strictObject({
          day: daySchema.nullable().describe('Null without `per=day`.'),
          value: cellSchema.describe('Of the key, as rows have it.'),
          ...sumSchema,
        }),
      )
      .describe('The largest first.'),
    others: z
      .strictObject({ groups: count('How many they are.'), ...sumSchema })
      .nullable()
      .describe('What all others come to; null where there are none.'),
    days: z.strictObject({
      first: daySchema.nullable().describe('Null where no day has rows.'),
      last: daySchema.nullable(),
      count: count('Days with rows that are summed up.'),
      leftOut: count('Older days that are not, because all would have been too much.'),
    }),
  }),
);

export type SumsQuery = z.output<typeof sumsQuery>;
export type SumsAnswer = Answer<typeof sumsSchema>;
export type OutputQuery = z.output<typeof outputQuery>;
export type OutputAnswer = Answer<typeof outputSchema>;
