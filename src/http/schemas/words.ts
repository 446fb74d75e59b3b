/** Closed sets of words that several answers use. */
import { z } from 'zod';
import { checkpointReadings } from '../../model/checkpoint.js';
import { dayStates } from '../../model/day-state.js';
import { engineChoices, engineNames } from '../../model/engine.js';
import { problemSlugs } from '../../model/problems.js';
import { dayOutcomes, runStatuses } from '../../model/run.js';
import { component } from './values.js';

export const dayStateSchema = component(
  'DayState',
  'The state of a day, from raw days, output and ledger.',
  z.enum(dayStates),
);

export const dayOutcomeSchema = component(
  'DayOutcome',
  'What a run did with a day.',
  z.enum(dayOutcomes),
);

export const readingSchema = component(
  'CheckpointReading',
  'How the checkpoint store compared with the output, before it was corrected.',
  z.enum(checkpointReadings),
);

export const runStatusSchema = component('RunStatus', 'The status of a run.', z.enum(runStatuses));

export const engineSchema = component(
  'EngineName',
  'The engine that aggregates raw files. All give the same bytes.',
  z.enum(engineNames),
);

export const engineChoiceSchema = component(
  'EngineChoice',
  'An engine, or `auto`, which chooses for each run.',
  z.enum(engineChoices),
);

export const problemTypeSchema = component(
  'ProblemType',
  'Identifies a kind of problem; stable.',
  z.enum(problemSlugs.map((slug) => `/problems/${slug}` as const)),
);
