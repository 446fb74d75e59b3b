import { z } from 'zod';
import { dayInputSchema, daySchema } from './day.js';
import { noticesSchema } from './notices.js';
import { type Answer, component, count } from './values.js';
import { readingSchema } from './words.js';

export const checkpointQuery = z.strictObject({
  require: z
    .enum(['in-sync'])
    .optional()
    .describe('Answer 409 `checkpoint-drift` if the store did not hold the right value.'),
});

export const checkpointSchema = component(
  'Checkpoint',
  'The checkpoint according to the output, and what the store held.',
  z.strictObject({
    day: daySchema
      .nullable()
      .describe(
        'The right value for the store, according to `DAYMARK_CHECKPOINT_RULE`: one of the next two.',
      ),
    highest: daySchema
      .nullable()
      .describe('The highest processed day; null if there is none. Days below it may be pending.'),
    completeThrough: daySchema
      .nullable()
      .describe(
        'The highest day up to which no known day is pending, failed, waiting or damaged; null if the first day is.',
      ),
    reading: readingSchema,
    stored: z
      .string()
      .nullable()
      .describe('What the store held, as found; null if it held no text.'),
    storedStatus: z.enum(['value', 'absent', 'wrong-type', 'unavailable']),
    storedBytes: count(
      'The size of the value in bytes, if it is too long for a day; `stored` is then only its beginning.',
    ).optional(),
    storedType: z.string().describe('The type of the key, if it is not text.').optional(),
    output: z.strictObject({
      days: count('Days with rows.'),
      rows: count('Rows in all.'),
      bytes: count('The size of the file; null if there is none.').nullable(),
      version: count('The head commit; 0 before the first.'),
    }),
    repaired: z.boolean().describe('Whether this request corrected the store.'),
    notices: noticesSchema,
  }),
);

export type CheckpointAnswer = Answer<typeof checkpointSchema>;

export const rewindRequestSchema = z
  .strictObject({ day: dayInputSchema })
  .meta({ id: 'RewindRequest', description: 'The day to go back to.', examples: [{ day: '1' }] });

export const rewindSchema = component(
  'Rewind',
  'What a rewind did.',
  z.strictObject({
    day: daySchema.nullable().describe('The checkpoint now.'),
    reading: readingSchema,
    marked: z
      .array(daySchema)
      .describe('Days that the next run will process again. Their rows stay readable until then.'),
    untouched: z
      .array(z.strictObject({ day: daySchema, reason: z.string() }))
      .describe('Days above the new checkpoint that were left as they are, and why.'),
    commit: count('The commit that holds the marks; null if there was nothing to mark.').nullable(),
  }),
);

export type RewindAnswer = Answer<typeof rewindSchema>;
