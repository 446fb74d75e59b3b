import type { CheckpointKind, StoredCheckpoint } from '../../model/checkpoint.js';

export type CompareAndSet =
  | { readonly status: 'stored' }
  /** The store held something else than was expected: nothing was changed. */
  | { readonly status: 'conflict' }
  | { readonly status: 'wrong-type'; readonly type: string }
  /** Perhaps stored, perhaps not: the next reconcile looks again. */
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
  /** In its own words why the store, which can be read, takes no writes; null where it does, as far as is known. */
  refusal(): string | null;
  /** Called each time the store comes back after it was unavailable, or was connected anew unnoticed. */
  onRestored(listener: () => void): void;
  close(): Promise<void>;
}
