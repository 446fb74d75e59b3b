/** Chooses the engine of a run for `auto`. Pure. */
import {
  type EngineChoice,
  type EngineName,
  type LocalEngineName,
  localEngineNames,
} from '../model/engine.js';
import type { ReadyDay } from './day-status.js';
import { rawBytes } from './run-progress.js';

export interface ChosenEngine {
  readonly name: EngineName;
  /** A sentence for people; null if the request named the engine. */
  readonly reason: string | null;
}

/** Small runs stay on this machine, with its fastest engine: an application on a cluster takes seconds to start. */
export function chooseEngine(
  wanted: EngineChoice,
  days: readonly ReadyDay[],
  sparkFromBytes: number,
  local: LocalEngineName,
): ChosenEngine {
  if (wanted !== 'auto') return { name: wanted, reason: null };
  const bytes = days.reduce((sum, { raw }) => sum + rawBytes(raw), 0);
  const name = bytes < sparkFromBytes ? local : 'spark';
  const compared = name === 'spark' ? 'at least' : 'fewer than';
  const what = `${days.length} ${days.length === 1 ? 'day' : 'days'} with ${numeral(bytes)} bytes`;
  const reason = `auto chose ${name}: ${what}, ${compared} the ${numeral(sparkFromBytes)} of DAYMARK_SPARK_FROM_BYTES`;
  return { name, reason };
}

/** The fastest of those that there are for the dataset. */
export function fastestLocal(engines: ReadonlyMap<EngineName, unknown>): LocalEngineName {
  return localEngineNames.find((name) => engines.has(name)) ?? 'csv';
}

function numeral(value: number): string {
  return value.toLocaleString('en');
}
