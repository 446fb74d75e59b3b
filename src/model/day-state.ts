/** The states of a day; `core/reconcile.ts` says when each applies. */

export const dayStates = [
  'new',
  'late',
  'waiting',
  'processed',
  'changed',
  'outdated',
  'unverified',
  'damaged',
  'rewound',
  'archived',
] as const;

export type DayState = (typeof dayStates)[number];

/** The states of pending days; a damaged day may also not be pending. */
export const pendingStates = [
  'new',
  'late',
  'changed',
  'outdated',
  'unverified',
  'damaged',
  'rewound',
] as const satisfies readonly DayState[];
