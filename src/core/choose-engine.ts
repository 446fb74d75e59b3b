/** Chooses the engine of a run for `auto`. Pure. */
import type { EngineChoice, EngineName } from '../model/engine.js';
import type { ReadyDay } from './reconcile.js';
import { rawBytes } from './run-progress.js';

export interface ChosenEngine {
  readonly name: EngineName;
  /** A sentence for people; null if the request named the engine. */
  readonly reason: string | null;
}

/** Small runs stay on this machine: an application on a cluster takes seconds to start. */
export function chooseEngine(
  wanted: EngineChoice,
  days: readonly ReadyDay[],
  sparkFromBytes: number,
): ChosenEngine {
  if (wanted !== 'auto') return { name: wanted, reason: null };
  const bytes = days.reduce((sum, { raw }) => sum + rawBytes(raw), 0);
  const name = bytes < sparkFromBytes ? 'scan' : 'spark';
  const compared = name === 'scan' ? 'fewer than' : 'at least';
  const what = `${days.length} ${days.length === 1 ? 'day' : 'days'} with ${numeral(bytes)} bytes`;
  const reason = `auto chose ${name}: ${what}, ${compared} the ${numeral(sparkFromBytes)} of DAYMARK_SPARK_FROM_BYTES`;
  return { name, reason };
}

function numeral(value: number): string {
  return value.toLocaleString('en');
}
