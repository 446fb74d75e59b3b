/**
 * What a rewind will do, told before it is done: the same rules as `core/rewind.ts`, on what the page knows.
 * The service decides by what it finds then, and the page shows its answer.
 */
import type { DayStatus } from '../api/types.js';

export interface RewindPreview {
  /** Made anew by the next run; their rows stay readable until then. */
  readonly marked: readonly string[];
  /** Above the target, and left as they are. */
  readonly untouched: readonly { readonly day: string; readonly reason: string }[];
}

/** The days that the checkpoint can be set to, the newest first. */
export function rewindTargets(days: readonly DayStatus[], checkpoint: string | null): string[] {
  const top = days.findIndex(({ day }) => day === checkpoint);
  return days
    .slice(0, top + 1)
    .filter(isHeld)
    .map(({ day }) => day)
    .reverse();
}

/** `target` null: everything. */
export function previewRewind(days: readonly DayStatus[], target: string | null): RewindPreview {
  const from = target === null ? 0 : days.findIndex(({ day }) => day === target) + 1;
  const above = days.slice(from).filter(isHeld);
  return {
    marked: above.filter(canBeMadeAnew).map(({ day }) => day),
    untouched: above
      .filter((status) => !canBeMadeAnew(status))
      .map(({ day, reason }) => ({ day, reason })),
  };
}

function isHeld({ output, commit }: DayStatus): boolean {
  return output !== null || commit !== null;
}

function canBeMadeAnew({ raw }: DayStatus): boolean {
  return raw?.ready ?? false;
}
