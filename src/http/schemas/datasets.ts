import { z } from 'zod';
import { dayStates } from '../../model/day-state.js';
import { daySchema } from './day.js';
import { noticesSchema } from './notices.js';
import { listedRunSchema } from './run.js';
import { type Answer, component, count, countsOf } from './values.js';
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

export const datasetSchema = component(
  'Dataset',
  'A dataset: its location, and a summary of its state.',
  z.strictObject({
    name: z.string(),
    raw: z.string().describe('The raw root.'),
    output: z.string().describe('The output file.'),
    checkpointKey: z.string().nullable().describe('In Redis; null if the checkpoint is in a file.'),
    dayKind: z.enum(['index', 'date']).describe('How its days are named.'),
    problem: problemSchema
      .nullable()
      .describe('Why the other fields are unknown at the moment; null if they are known.'),
    counts: countsOf(dayStates).nullable().describe('How many days are in each state.'),
    pending: count('Days that the default run would process.').nullable(),
    checkpoint: checkpointSchema.nullable(),
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
