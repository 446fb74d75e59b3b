import { z } from 'zod';
import { engineChoices } from '../../model/engine.js';
import { ifActiveChoices, runStatuses, selections } from '../../model/run.js';
import { dayInputSchema } from './day.js';
import { cursorParameter, queryInteger, queryList, waitSeconds } from './query.js';

/** The most days that one request may list. */
const maxListedDays = 10_000;

export const runRequestSchema = z
  .strictObject({
    select: z.enum(selections).optional().meta({
      default: 'pending',
      description:
        '`pending`: all days that need work. `new`: only those above the checkpoint, the traditional rule. `all`: every ready day, processed again.',
    }),
    days: z
      .array(dayInputSchema)
      .min(1)
      .max(maxListedDays)
      .optional()
      .meta({
        description: 'Exactly these days, whatever their state. Not together with `select`.',
        examples: [['2', '3']],
      }),
    dryRun: z
      .boolean()
      .default(false)
      .describe('Aggregate and report what would change in each day, without changing anything.'),
    engine: z
      .enum(engineChoices)
      .optional()
      .describe(
        'The engine that aggregates the raw files; the configured one by default. `spark` reads all days of the run at once on a cluster; `auto` uses it for runs of many bytes, and the fastest engine of the service’s own machine for others.',
      ),
    onDayFailure: z
      .enum(['continue', 'stop'])
      .default('continue')
      .describe('Whether a failed day stops the later ones.'),
    ifActive: z
      .enum(ifActiveChoices)
      .default('queue')
      .describe(
        'While another run is active. `queue`: one follow-up run, shared by all callers with the same request. `attach`: the active run, if it covers the request (the same days or more, in their current state, with the same `dryRun`, `onDayFailure` and engine); otherwise as `queue`, with a warning. `reject`: 409.',
      ),
  })
  .refine(({ select, days }) => select === undefined || days === undefined, {
    path: ['select'],
    error: 'cannot be given together with days',
  })
  .meta({
    id: 'RunRequest',
    description: 'The work to do. All fields are optional, and so is the body.',
    examples: [{}, { select: 'new' }, { days: ['2', '3'], dryRun: true }],
  });

export type RunRequestBody = z.output<typeof runRequestSchema>;

export const submitQuery = z.strictObject({ wait: waitSeconds.optional() });

/** Other headers pass; Fastify lower-cases the names. */
export const preferHeaders = z.looseObject({
  prefer: z
    .string()
    .optional()
    .meta({
      description: '`wait=SECONDS` (RFC 7240), at most 3600. Other preferences are ignored.',
      examples: ['wait=60'],
    }),
});

export const submitHeaders = preferHeaders.extend({
  'idempotency-key': z
    .string()
    .optional()
    .meta({
      description:
        'The same key while its run is active, or after it succeeded, leads to the same run. 1 to 255 of `A-Z a-z 0-9 _ . ~ : + / -`, bare or in double quotes.',
      examples: ['scheduled__2026-11-23T00:00:00+00:00'],
    }),
});

export const runParams = z.strictObject({
  id: z.string().meta({
    description: 'The id of a run, or an idempotency key that requested it.',
    examples: ['0198c0de-7e57-7000-8000-000000000001'],
  }),
});

export const runListQuery = z.strictObject({
  limit: queryInteger(1, 200, 'How many runs to return. Default 50.').optional(),
  cursor: cursorParameter.optional(),
  status: queryList(runStatuses, 'Only runs of this status.').optional(),
  expand: z
    .enum(['days'])
    .optional()
    .describe('`days`: every run with each of its days, as GET /v1/runs/{id} has it.'),
});
