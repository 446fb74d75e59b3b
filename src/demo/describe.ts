/** Answers of the service in one line each. */
import type { CheckpointAnswer } from '../http/schemas/checkpoint.js';
import type { PlanAnswer } from '../http/schemas/plan.js';
import type { RunAnswer } from '../http/schemas/run.js';
import { paint } from './terminal.js';

export function describeRun({ status, days, checkpoint, commit }: RunAnswer): string {
  const idle = status === 'succeeded' && days.length === 0;
  return [
    status,
    ...(idle ? ['nothing to do'] : describeOutcomes(days)),
    ...(commit === null ? [] : [`commit ${commit}`, `checkpoint ${checkpoint.after}`]),
  ].join(' · ');
}

/** `added 0, 1, 2`, and so on for each outcome. */
function describeOutcomes(days: RunAnswer['days']): string[] {
  return [...new Set(days.map(({ outcome }) => outcome))].map((outcome) => {
    const those = days.filter((each) => each.outcome === outcome);
    return `${outcome} ${those.map(({ day }) => day).join(', ')}`;
  });
}

export function describeCheckpoint({ day, reading, stored, repaired }: CheckpointAnswer): string {
  const held = stored === null ? 'the store held nothing' : `the store held ${stored}`;
  const facts = [`day ${day}`, held, `reading ${paint('bold', reading)}`];
  return [...facts, ...(repaired ? ['repaired'] : [])].join(' · ');
}

export function describePlan({ days }: PlanAnswer): string {
  if (days.length === 0) return 'no day to take';
  return days.map(({ day, reason }) => `day ${day}: ${reason}`).join(' · ');
}
