import { z } from 'zod';
import { daySchema } from './day.js';
import { rawFileSchema } from './days.js';
import { type Answer, component, count, instant, sha256, totalsSchema } from './values.js';
import { engineSchema } from './words.js';

export const receiptSchema = component(
  'Receipt',
  'Proof that a day is in the output, and what it was made from.',
  z.strictObject({
    day: daySchema,
    version: z
      .int()
      .min(1)
      .nullable()
      .describe('The commit that wrote the day; null for an adopted day that no commit holds yet.'),
    runId: z.string().nullable(),
    committedAt: instant('When it was committed.').nullable(),
    engine: engineSchema.nullable().describe('Null for an adopted day.'),
    records: count('Data rows read; null for an adopted day.').nullable(),
    rows: count('Rows of the output.'),
    totals: totalsSchema,
    sha256: sha256('Of the day’s rows in the output.'),
    fingerprint: z
      .array(rawFileSchema)
      .describe('The raw files that it was made from; none for an adopted day.'),
    adopted: z
      .boolean()
      .describe('Another program wrote it into the output; Daymark did not aggregate it.'),
  }),
);

export type ReceiptAnswer = Answer<typeof receiptSchema>;
