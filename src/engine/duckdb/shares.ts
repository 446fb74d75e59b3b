import { availableParallelism, totalmem } from 'node:os';
import type { DuckDbSettings } from './child-process.js';

/** As configured; null for a share of the machine. */
export interface DuckDbLimits {
  readonly duckdbMemory: number | null;
  readonly duckdbThreads: number | null;
}

/** More at once would wait for the same processors, and each has only its share of the memory. */
const mostAtOnce = 4;
/** That a query should have at least. */
const usefulBytes = 512 * 1024 * 1024;

/** `wanted`: how many datasets can have a query at once. One of them that runs for hours must not hold up the others. */
export function sharesOf(
  { duckdbMemory, duckdbThreads }: DuckDbLimits,
  wanted = 1,
): DuckDbSettings {
  const memoryBytes = duckdbMemory ?? Math.floor(machineBytes() / 2);
  const fitting = Math.max(1, Math.floor(memoryBytes / usefulBytes));
  return {
    memoryBytes,
    threads: duckdbThreads ?? availableParallelism(),
    atOnce: Math.min(wanted, mostAtOnce, fitting),
  };
}

/** Of its container, where that has less. */
function machineBytes(): number {
  const all = totalmem();
  // 0 or undefined where nothing constrains it; beyond the machine's where the system says so by a huge number.
  const constrained = process.constrainedMemory() || all;
  return Math.min(all, constrained);
}
