import { z } from 'zod';
import { ignoredKinds } from '../../core/ports/raw.js';
import { mostRemarks } from '../../model/day.js';
import { dayStates } from '../../model/day-state.js';
import { defaultDays, mostDays } from '../day-pages.js';
import { daySchema } from './day.js';
import { noticesSchema } from './notices.js';
import { cursorParameter, queryInteger, queryList } from './query.js';
import { dayErrorSchema } from './run-day.js';
import {
  type Answer,
  component,
  count,
  countsOf,
  instant,
  nextCursorSchema,
  sha256,
  totalsSchema,
} from './values.js';
import { dayOutcomeSchema, dayStateSchema, engineSchema } from './words.js';

export const dayPageQuery = {
  limit: queryInteger(1, mostDays, `How many days to return. Default ${defaultDays}.`).optional(),
  cursor: cursorParameter.optional(),
};

export const daysQuery = z.strictObject({
  state: queryList(dayStates, 'Only days in these states.').optional(),
  ...dayPageQuery,
  order: z
    .enum(['oldest', 'newest'])
    .optional()
    .describe('Which day comes first; `oldest` by default.'),
});

export const rawFileSchema = component(
  'RawFile',
  'A raw file, as it was found.',
  z.strictObject({
    name: z.string(),
    bytes: count('As stored.'),
    modifiedAt: instant('Its modification time.'),
  }),
);

const rawDaySchema = z.strictObject({
  files: z.array(rawFileSchema),
  bytes: count('Of all files, as stored.'),
  ready: z.boolean().describe('Whether a run can process it.'),
  refused: z
    .array(z.strictObject({ name: z.string(), reason: z.string() }))
    .describe('Entries that are named like data but must not be read, and why.'),
  unread: z
    .array(z.strictObject({ name: z.string(), reason: z.string() }))
    .describe('Entries that are left out although they may be data, and why.'),
});

const outputDaySchema = z.strictObject({
  rows: count('Rows of the output.'),
  totals: totalsSchema,
  bytes: count('Of its rows.'),
  sha256: sha256('Of its rows.'),
});

const dayCommitSchema = z.strictObject({
  version: z.int().min(1).describe('The commit that wrote the day’s current rows.'),
  runId: z.string(),
  committedAt: instant('When it was committed.'),
  engine: engineSchema.nullable().describe('Null for a day that Daymark did not aggregate.'),
  records: count('Data rows read; null for a day that Daymark did not aggregate.').nullable(),
});

const lastRunSchema = z.strictObject({
  id: z.string(),
  outcome: dayOutcomeSchema,
  finishedAt: instant('When the run ended.').nullable(),
});

export const dayStatusSchema = component(
  'DayStatus',
  'Everything that is known about a day.',
  z.strictObject({
    day: daySchema,
    state: dayStateSchema,
    pending: z.boolean().describe('Whether the default run processes it.'),
    reason: z.string().describe('Why it is in this state.'),
    raw: rawDaySchema.nullable().describe('Its folder; null if that is gone.'),
    output: outputDaySchema.nullable().describe('Its rows; null if it has none.'),
    commit: dayCommitSchema.nullable().describe('How it came into the output.'),
    lastRun: lastRunSchema.nullable().describe('The newest run that touched it.'),
    lastError: dayErrorSchema.nullable().describe('Why that run could not process it.'),
  }),
);

export type DayStatusAnswer = Answer<typeof dayStatusSchema>;

export const daysSchema = component(
  'Days',
  'A page of days, and values about all of them.',
  z.strictObject({
    days: z.array(dayStatusSchema).describe('In day order, or backwards with `order=newest`.'),
    nextCursor: nextCursorSchema,
    counts: countsOf(dayStates).describe(
      'How many days are in each state: of all days, whatever the filter and the page.',
    ),
    ignored: z
      .array(z.strictObject({ name: z.string(), reason: z.string(), kind: z.enum(ignoredKinds) }))
      .describe(
        `Entries of the raw root that are not days, and why; the first ${mostRemarks}. \`marked\`: the name marks it as not data.`,
      ),
    ignoredCount: count('How many such entries there are in all.'),
    gaps: z
      .array(daySchema)
      .describe(`Days missing between the first and the last; the first ${mostRemarks}.`),
    notices: noticesSchema,
  }),
);

export type DaysAnswer = Answer<typeof daysSchema>;
