import { z } from 'zod';
import { runSchema } from './run.js';
import { type Answer, component } from './values.js';
import { problemTypeSchema } from './words.js';

const problemDetailSchema = z.strictObject({
  at: z
    .string()
    .meta({ description: 'A field, parameter, header or check.', examples: ['days.0'] }),
  message: z.string().describe('What is wrong with it.'),
});

export const problemSchema = component(
  'Problem',
  'Why a request was not answered as asked (RFC 9457).',
  z.strictObject({
    type: problemTypeSchema,
    title: z.string().describe('The kind of problem, in words; stable.'),
    status: z.int().min(400).max(599).describe('The HTTP status, once more.'),
    detail: z.string().describe('What happened this time.'),
    instance: z.string().describe('The path that was asked for.').optional(),
    retryable: z
      .boolean()
      .describe(
        'Whether the same request can succeed later with nothing else changed by the caller.',
      ),
    nextAction: z.string().describe('What to do about it.'),
    requestId: z.string().describe('Find the log lines of this request by it.'),
    runId: z.string().describe('The run that it is about.').optional(),
    errors: z.array(problemDetailSchema).describe('Each thing that is wrong.').optional(),
    run: runSchema.describe('The run that it is about, whole.').optional(),
  }),
);

export type ProblemBody = Answer<typeof problemSchema>;
