import type { CheckpointRule } from './checkpoint.js';

/** Whether days that another program wrote are compared with their raw files, or trusted. */
export const adoptRules = ['compare', 'trust'] as const;

export type AdoptRule = (typeof adoptRules)[number];

/** The rules for judging days. */
export interface Rules {
  /** The current one, from `hashOf`. */
  readonly definition: string;
  readonly adopt: AdoptRule;
  readonly checkpoint: CheckpointRule;
}
