/** The states that a day can be in; `core/reconcile.ts` says when it is in which. */

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

/** Those that pending days are in; damaged ones may rest. */
export const pendingStates = [
  'new',
  'late',
  'changed',
  'outdated',
  'unverified',
  'damaged',
  'rewound',
] as const satisfies readonly DayState[];
