import { longestLineBytes } from './kernel/kernel.js';

/** Sizes in bytes. Tests shrink them, so that borders lie everywhere; results never depend on them. */
export interface Tuning {
  /** Plain files from this size on are scanned by the threads; smaller ones where they are read. */
  readonly pooledFromBytes: number;
  /** A thread takes this much of a file at a time. */
  readonly stretchBytes: number;
  /** Read and scanned at once; small enough to stay in a core's cache. */
  readonly blockBytes: number;
}

export const usualTuning: Tuning = {
  pooledFromBytes: 262_144,
  stretchBytes: 4_194_304,
  blockBytes: 262_144,
};

/** A line that waits, a block, and the line feed that the last line may lack. */
export function bufferBytes({ blockBytes }: Tuning): number {
  return longestLineBytes + blockBytes + 1;
}
