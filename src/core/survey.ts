import type { Notice } from '../model/notice.js';
import type { OutputState } from './ports/output.js';
import type { RawListing } from './ports/raw.js';
import type { Reconciled } from './reconcile.js';

/** One look at the world, and what reconcile made of it. */
export interface Survey extends Reconciled {
  readonly raw: RawListing;
  readonly output: OutputState;
  /** Whether the checkpoint store was put right by this look. */
  readonly repaired: boolean;
  /** What a person should know. */
  readonly notices: readonly Notice[];
}
