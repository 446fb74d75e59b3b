import { changeProblems, json, reconcileProblems } from './operation.js';
import { runSchema } from './schemas/run.js';

const location = {
  type: 'string',
  format: 'uri-reference',
  description: 'Where the run can be read.',
} as const;
const applied = {
  type: 'string',
  description: 'The wait that was applied, as `wait=SECONDS`.',
} as const;

/** Of an answer that tells of a run on its way. */
export const activeHeaders = {
  Location: location,
  'Preference-Applied': applied,
  'Retry-After': { type: 'integer', description: 'Seconds.' },
} as const;

/** What can come of a run for which someone waits. */
export const runProblems = [
  'queue-full',
  'day-unknown',
  'definition-changed',
  'engine-unavailable',
  'run-failed',
  'no-days',
  // Where it was cancelled or interrupted.
  { slug: 'run-failed', status: 409 },
  'engine-failed',
] as const;

/** The same for POST /v1/runs and PUT /v1/runs/{id}. */
export const submitAnswers = {
  answers: {
    200: json('The run has succeeded: it was waited for, or the key replays it.', runSchema, {
      Location: location,
      'Preference-Applied': applied,
      'Idempotency-Replayed': {
        type: 'string',
        description: '`true` where the key’s earlier run is answered with.',
      },
    }),
    202: json(
      'The run is queued or running (or has just ended, where nobody waited).',
      runSchema,
      activeHeaders,
    ),
  },
  problems: [
    ...changeProblems,
    ...reconcileProblems,
    ...runProblems,
    'run-in-progress',
    'idempotency-mismatch',
  ],
} as const;
