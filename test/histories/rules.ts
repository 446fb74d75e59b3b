/** How a process of a history is set up: what decides its states, and what its commits record. */
import type { CheckpointRule } from '../../src/model/checkpoint.js';
import type { WriterSettings } from '../../src/model/ledger.js';
import type { AdoptRule } from '../../src/model/rules.js';
import type { Contents } from './contents.js';

export interface ModelRules {
  /** Categories that are none, beside the columns that never are. */
  readonly ignored: readonly string[];
  readonly adopt: AdoptRule;
  readonly checkpoint: CheckpointRule;
}

export const neverCategories = ['order_id', 'order_hour_of_day'];

export function settingsOf({ ignored, adopt, checkpoint }: ModelRules): WriterSettings {
  return {
    DAYMARK_IGNORED_COLUMNS: [...neverCategories, ...ignored].sort().join(),
    DAYMARK_ADOPT: adopt,
    DAYMARK_CHECKPOINT_RULE: checkpoint,
  };
}

export function sameRules(a: ModelRules, b: ModelRules): boolean {
  return JSON.stringify(settingsOf(a)) === JSON.stringify(settingsOf(b));
}

/** Days that were made under another one must be made again. */
export const definitionIn = ({ ignored }: ModelRules) => [...ignored].sort().join();

/** The rows of a day with these contents, in canonical order. */
export function linesOf(day: string, contents: Contents, { ignored }: Pick<ModelRules, 'ignored'>) {
  return Object.entries(contents)
    .filter(([category, items]) => items > 0 && !ignored.includes(category))
    .map(([category, items]) => `${day},8,${category},${items}`)
    .sort();
}

export function byKey(a: string, b: string): number {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The row without its count: a row stands twice for a day that was counted twice. */
export function keyOf(line: string): string {
  return line.slice(0, line.lastIndexOf(','));
}

export const isDoubled = (lines: readonly string[]) =>
  new Set(lines.map(keyOf)).size < lines.length;
