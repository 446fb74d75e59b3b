/** Rewinding: which days the next run processes again. The service uses it, and clients use it for their preview. */

/** In the service's form, or in the form of its answers. */
export interface RewindableDay<Day extends string = string> {
  readonly day: Day;
  /** Why it is in its state. */
  readonly reason: string;
  readonly raw: { readonly ready: boolean } | null;
  readonly output: object | null;
  readonly ledger?: object | null;
  /** What the ledger says, in answers. */
  readonly commit?: object | null;
}

export interface Rewinding<Day extends string = string> {
  /** The next run processes these again; their rows stay readable until then. */
  readonly marked: readonly Day[];
  /** Above the target, but left as they are. */
  readonly untouched: readonly { readonly day: Day; readonly reason: string }[];
}

/** `target` null: everything. `days` are in day order. */
export function rewindingOf<Day extends string>(
  days: readonly RewindableDay<Day>[],
  target: Day | null,
): Rewinding<Day> {
  const first = target === null ? 0 : days.findIndex(({ day }) => day === target) + 1;
  const above = days.slice(first).filter(isHeld);
  const canBeMadeAgain = ({ raw }: RewindableDay) => raw?.ready ?? false;
  return {
    marked: above.filter(canBeMadeAgain).map(({ day }) => day),
    untouched: above
      .filter((status) => !canBeMadeAgain(status))
      .map(({ day, reason }) => ({ day, reason })),
  };
}

/** The days that the checkpoint can be set to, the newest first. */
export function rewindTargets(days: readonly RewindableDay[], checkpoint: string | null): string[] {
  const top = days.findIndex(({ day }) => day === checkpoint);
  const held = days.slice(0, top + 1).filter(isHeld);
  return held.map(({ day }) => day).reverse();
}

export function isHeld({ output, ledger, commit }: RewindableDay): boolean {
  return output !== null || (ledger ?? commit ?? null) !== null;
}
