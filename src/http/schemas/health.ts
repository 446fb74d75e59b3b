import { z } from 'zod';
import { type Answer, component } from './values.js';

export const livenessSchema = component(
  'Liveness',
  'The process answers.',
  z.strictObject({ status: z.literal('ok') }),
);

export const readinessSchema = component(
  'Readiness',
  'Whether the service can run.',
  z.strictObject({
    status: z
      .enum(['ready', 'degraded'])
      .describe('`degraded`: something is wrong that fails no request.'),
    checks: z.array(
      z.strictObject({
        name: z.string(),
        dataset: z.string().optional().describe('Where there are several.'),
        status: z.enum(['ok', 'degraded', 'failed']),
        detail: z.string(),
      }),
    ),
  }),
);

export type ReadinessAnswer = Answer<typeof readinessSchema>;
