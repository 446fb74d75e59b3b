/** Answers of the service in one line each. */
import type { Plan, Run } from '#daymark/client/types.js';

export function describeRun({ status, days, checkpoint, commit }: Run): string {
  const idle = status === 'succeeded' && days.length === 0;
  return [
    status,
    ...(idle ? ['nothing to do'] : describeOutcomes(days)),
    ...(commit === null ? [] : [`commit ${commit}`, `checkpoint ${checkpoint.after}`]),
  ].join(' · ');
}

/** `added 0, 1, 2`, and so on for each outcome. */
function describeOutcomes(days: Run['days']): string[] {
  return [...new Set(days.map(({ outcome }) => outcome))].map((outcome) => {
    const those = days.filter((each) => each.outcome === outcome);
    return `${outcome} ${those.map(({ day }) => day).join(', ')}`;
  });
}

export function describePlan({ days }: Plan): string {
  if (days.length === 0) return 'no day to take';
  return days.map(({ day, reason }) => `day ${day}: ${reason}`).join(' · ');
}
