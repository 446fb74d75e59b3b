import type { OutputState, RawListing } from './ports.js';
import type { Reconciled } from './reconcile.js';

/** One look at the world, and what reconcile made of it. */
export interface Survey extends Reconciled {
  readonly raw: RawListing;
  readonly output: OutputState;
  /** Whether the checkpoint store was put right by this look. */
  readonly repaired: boolean;
}
