/** Which days a run or a plan covers. */
import type { Argv } from 'yargs';
import { selections } from '../model/run.js';
import { listWords } from './option-values.js';

export interface SelectionArgs {
  readonly select?: string | undefined;
  readonly days?: string | undefined;
}

export function withSelection<T>(yargs: Argv<T>) {
  return yargs
    .option('select', { choices: selections, description: 'which days (default: pending)' })
    .option('days', {
      type: 'string',
      requiresArg: true,
      conflicts: 'select',
      description: 'exactly these, with commas between them',
    });
}

export function selectionOf({ select, days }: SelectionArgs) {
  return days === undefined ? { select: select ?? 'pending' } : { days: listWords('days', days) };
}
