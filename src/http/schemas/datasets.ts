import { z } from 'zod';
import { columnKinds } from '../../model/column.js';
import { dayStates } from '../../model/day-state.js';
import { daySchema } from './day.js';
import { noticesSchema } from './notices.js';
import { listedRunSchema } from './run.js';
import { type Answer, component, count, countsOf, instant } from './values.js';
import { readingSchema } from './words.js';

export const datasetParameter = z.string().meta({
  description: 'The name of a dataset, as GET /v1/datasets lists it.',
  examples: ['orders'],
});

export const datasetParams = z.strictObject({ dataset: datasetParameter });

const problemSchema = z.strictObject({
  type: z.string().describe('As in the problem that its own routes answer with.'),
  title: z.string(),
  detail: z.string(),
});

const checkpointSchema = z.strictObject({
  day: daySchema.nullable().describe('The right value for the store.'),
  completeThrough: daySchema.nullable(),
  reading: readingSchema,
});

const keySchema = z.strictObject({
  name: z.string(),
  type: z.enum(columnKinds),
  range: z
    .strictObject({ least: z.int(), most: z.int() })
    .nullable()
    .describe('The whole numbers that it can be; null where nothing bounds them.'),
});

const measureSchema = z.strictObject({
  name: z.string(),
  type: z.enum(columnKinds),
  additive: z.boolean().describe('Whether its values can be added up.'),
});

const columnsSchema = z.strictObject({
  day: z.string(),
  keys: z.array(keySchema).describe('What names a row of a day.'),
  measures: z.array(measureSchema),
});

const lastCommitSchema = z.strictObject({
  version: z.int().min(1),
  runId: z.string(),
  committedAt: instant('When it was made.'),
});

export const datasetSchema = component(
  'Dataset',
  'A dataset: its location, and a summary of its state.',
  z.strictObject({
    name: z.string(),
    raw: z.string().describe('Where its raw days lie.'),
    output: z.string().describe('The output file.'),
    checkpointKey: z.string().nullable().describe('In Redis; null if the checkpoint is in a file.'),
    dayKind: z.enum(['index', 'date']).describe('How its days are named.'),
    columns: columnsSchema.nullable().describe('Those that the output has now.'),
    problem: problemSchema
      .nullable()
      .describe('Why the other fields are unknown at the moment; null if they are known.'),
    counts: countsOf(dayStates).nullable().describe('How many days are in each state.'),
    pending: count('Days that the default run would process.').nullable(),
    failed: count('Days that the last run to try them could not process.').nullable(),
    checkpoint: checkpointSchema.nullable(),
    lastCommit: lastCommitSchema.nullable().describe('Null before the first.'),
    notices: noticesSchema,
    lastRun: listedRunSchema.nullable().describe('The newest run, whether it has ended or not.'),
  }),
);

export const datasetsSchema = component(
  'Datasets',
  'All datasets of the service. The first answers at the short routes, too.',
  z.strictObject({ datasets: z.array(datasetSchema) }),
);

export type DatasetAnswer = Answer<typeof datasetSchema>;
