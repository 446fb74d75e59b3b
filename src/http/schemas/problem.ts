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
  'Why a request failed (RFC 9457).',
  z.strictObject({
    type: problemTypeSchema,
    title: z.string().describe('The kind of problem, in words; stable.'),
    status: z.int().min(400).max(599).describe('The HTTP status, repeated.'),
    detail: z.string().describe('What happened this time.'),
    instance: z.string().describe('The requested path.').optional(),
    retryable: z
      .boolean()
      .describe('Whether the same request can succeed later without any change by the caller.'),
    nextAction: z.string().describe('What to do about it.'),
    requestId: z.string().describe('Finds the log lines of this request.'),
    runId: z.string().describe('The run that it is about.').optional(),
    errors: z.array(problemDetailSchema).describe('Each thing that is wrong.').optional(),
    run: runSchema.describe('The run that it is about, whole.').optional(),
  }),
);

export type ProblemBody = Answer<typeof problemSchema>;
