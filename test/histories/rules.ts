/** How a dataset of a process is set up: what decides its states, and what its commits record. */
import type { CheckpointRule } from '../../src/model/checkpoint.js';
import type { WriterSettings } from '../../src/model/ledger.js';
import type { AdoptRule } from '../../src/model/rules.js';
import type { Spec } from './spec.js';

export interface ModelRules {
  readonly spec: Spec;
  readonly adopt: AdoptRule;
  readonly checkpoint: CheckpointRule;
}

export function settingsOf({ spec, adopt, checkpoint }: ModelRules): WriterSettings {
  return {
    DAYMARK_IGNORED_COLUMNS: spec.kind === 'wide' ? [...spec.ignored].sort().join() : '',
    DAYMARK_ADOPT: adopt,
    DAYMARK_CHECKPOINT_RULE: checkpoint,
  };
}

export function sameRules(a: ModelRules, b: ModelRules): boolean {
  return JSON.stringify(settingsOf(a)) === JSON.stringify(settingsOf(b));
}
