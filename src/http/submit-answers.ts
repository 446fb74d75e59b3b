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

/** For an answer about a run that has not ended. */
export const activeHeaders = {
  Location: location,
  'Preference-Applied': applied,
  'Retry-After': { type: 'integer', description: 'Seconds.' },
} as const;

/** Problems that a run can end with while a client waits. */
export const runProblems = [
  'queue-full',
  'day-unknown',
  'definition-changed',
  'engine-unavailable',
  'run-failed',
  'no-days',
  // If it was cancelled or interrupted.
  { slug: 'run-failed', status: 409 },
  'engine-failed',
] as const;

/** The same for POST /v1/runs and PUT /v1/runs/{id}. */
export const submitAnswers = {
  answers: {
    200: json(
      'The run has succeeded: the caller waited for it, or the key replays it.',
      runSchema,
      {
        Location: location,
        'Preference-Applied': applied,
        'Idempotency-Replayed': {
          type: 'string',
          description: '`true` if the answer is the key’s earlier run.',
        },
      },
    ),
    202: json(
      'The run is queued or running (or has just ended, if the caller did not wait).',
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
