import type { DayLayout } from '../model/day.js';
import type { EngineChoice } from '../model/engine.js';
import type { RunRequest } from '../model/run.js';
import { parseDays } from './day-input.js';
import type { RunRequestBody } from './schemas/run-request.js';

export function toRunRequest(
  layout: DayLayout,
  body: RunRequestBody,
  defaultEngine: EngineChoice,
): RunRequest {
  const { select, days, dryRun, engine, onDayFailure } = body;
  const engineAsked = engine !== undefined;
  const work = { dryRun, engine: engine ?? defaultEngine, engineAsked, onDayFailure };
  return days === undefined
    ? { ...work, select: select ?? 'pending', days: null }
    : { ...work, select: 'days', days: parseDays(layout, days, 'days') };
}
