import type { Notice } from '../model/notice.js';
import type { ColumnsChange } from './columns-change.js';
import type { OutputState } from './ports/output.js';
import type { RawListing } from './ports/raw.js';
import type { Reconciled } from './reconcile.js';

/** One full look, with the result of reconcile. */
export interface Survey extends Reconciled {
  readonly raw: RawListing;
  readonly output: OutputState;
  /** Null if the output has the columns of the definition. */
  readonly columns: ColumnsChange | null;
  /** Whether this look corrected the checkpoint store. */
  readonly repaired: boolean;
  /** The notices. */
  readonly notices: readonly Notice[];
}
