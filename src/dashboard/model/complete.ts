/** Up to which day the output is complete, where that is not its highest day. */
import type { Checkpoint, DayStatus } from '../api/types.js';
import { hasFailed, stateWords } from './states.js';

export function completeWords(
  { day, highest, completeThrough }: Checkpoint,
  days: readonly DayStatus[],
): string | null {
  if (completeThrough === highest) return null;
  const upTo =
    completeThrough === null ? 'Complete through no day' : `Complete through ${completeThrough}`;
  const first = days[days.findIndex((each) => each.day === completeThrough) + 1];
  const why = first === undefined ? '' : `: ${first.day} ${whyNot(first)}`;
  const beyond = day === highest ? '' : ` The output holds days up to ${highest}.`;
  return `${upTo}${why}.${beyond}`;
}

function whyNot(status: DayStatus): string {
  return `is ${stateWords[status.state].name}${hasFailed(status) ? ', and failed when last tried' : ''}`;
}
