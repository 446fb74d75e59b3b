import type { Notice } from '../model/notice.js';
import type { ColumnsChange } from './columns-change.js';
import type { OutputState } from './ports/output.js';
import type { RawListing } from './ports/raw.js';
import type { Reconciled } from './reconcile.js';

/** One look at the world, and what reconcile made of it. */
export interface Survey extends Reconciled {
  readonly raw: RawListing;
  readonly output: OutputState;
  /** Null where the output has the columns of the definition. */
  readonly columns: ColumnsChange | null;
  /** Whether the checkpoint store was put right by this look. */
  readonly repaired: boolean;
  /** What a person should know. */
  readonly notices: readonly Notice[];
}
