/** The day up to which the output is complete, if that is not its highest day. */
import type { Checkpoint, DayStatus } from '../../client/types.js';

export function completeWords(
  { day, highest, completeThrough }: Checkpoint,
  days: readonly DayStatus[],
): string | null {
  if (completeThrough === highest) return null;
  const upTo =
    completeThrough === null ? 'Complete through no day' : `Complete through ${completeThrough}`;
  const first = days[days.findIndex((each) => each.day === completeThrough) + 1];
  // The days were asked for after a commit and the checkpoint before it: the next look has both.
  if (first?.state === 'processed' || first?.state === 'archived') return null;
  const failed = first?.lastError ? ', and failed when last tried' : '';
  const why = first === undefined ? '' : `: ${first.day} is ${first.state}${failed}`;
  const beyond = day === highest ? '' : ` The output holds days up to ${highest}.`;
  return `${upTo}${why}.${beyond}`;
}
