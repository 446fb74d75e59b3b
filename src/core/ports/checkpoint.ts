import type { CheckpointKind, StoredCheckpoint } from '../../model/checkpoint.js';

export type CompareAndSet =
  | { readonly status: 'stored' }
  /** The store did not hold the expected value: nothing was changed. */
  | { readonly status: 'conflict' }
  | { readonly status: 'wrong-type'; readonly type: string }
  /** Unknown whether it was stored: the next reconcile looks again. */
  | { readonly status: 'unavailable'; readonly reason: string };

/** Nothing here throws or takes longer than its deadline: the checkpoint is an optimisation. */
export interface CheckpointStore {
  readonly kind: CheckpointKind;
  /** `deadline` as `performance.now()` counts, in milliseconds. */
  read(deadline: number): Promise<StoredCheckpoint>;
  /** Null stands for an absent key, before and after. */
  compareAndSet(
    expected: string | null,
    next: string | null,
    deadline: number,
  ): Promise<CompareAndSet>;
  /** Why the readable store refuses writes, in its own words; null if it accepts them, as far as is known. */
  refusal(): string | null;
  /** Called each time the store is available again, or was reconnected unnoticed. */
  onRestored(listener: () => void): void;
  close(): Promise<void>;
}
