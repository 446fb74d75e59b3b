import type { RawMark } from './ports.js';
import type { Survey } from './reconciler.js';

/** What a commit keeps of the raw root, by which a later look tells what became of it. */
export function rawMarkOf({ raw, days }: Pick<Survey, 'raw' | 'days'>): RawMark {
  let archived = 0;
  for (const { raw: folder, ledger } of days) {
    if (folder === null && ledger !== null && ledger.adopted === null) archived += 1;
  }
  return { device: raw.device, archived };
}
