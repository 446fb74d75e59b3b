import { z } from 'zod';
import { component } from './values.js';
import { problemTypeSchema } from './words.js';

export const problemKindSchema = component(
  'ProblemKind',
  'What a `type` of problem means in general.',
  z.strictObject({
    type: problemTypeSchema,
    title: z.string().describe('In words; stable.'),
    status: z.int().min(400).max(599).describe('The HTTP status that usually goes with it.'),
    retryable: z
      .boolean()
      .describe('Whether the same request can succeed later without any change by the caller.'),
    when: z.string().describe('When it happens.'),
    nextAction: z.string().describe('What to do about it.'),
  }),
);

export const problemKindsSchema = component(
  'ProblemKinds',
  'Every type of problem.',
  z.strictObject({ problems: z.array(problemKindSchema) }),
);
