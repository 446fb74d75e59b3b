import type { CheckpointRule } from './checkpoint.js';

/** Whether days that someone else wrote are compared with their raw files, or trusted to be made from them. */
export const adoptRules = ['compare', 'trust'] as const;

export type AdoptRule = (typeof adoptRules)[number];

/** By what days are judged, beside what is found of them. */
export interface Rules {
  /** The present one, as `hashOf` tells it. */
  readonly definition: string;
  readonly adopt: AdoptRule;
  readonly checkpoint: CheckpointRule;
}
