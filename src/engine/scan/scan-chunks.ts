import type { TableSums } from './kernel/kernel.js';
import type { KernelShelf } from './kernel-shelf.js';
import { LineFeeder } from './line-feeder.js';
import type { OpenedTable } from './table.js';
import type { Tuning } from './tuning.js';

/** Adds up the rows of a text that arrives in chunks. Null where it is odd. */
export function scanChunks(
  { plan, rest }: OpenedTable,
  chunks: AsyncIterator<Uint8Array>,
  { kernels, tuning }: { readonly kernels: KernelShelf; readonly tuning: Tuning },
): Promise<TableSums | null> {
  return kernels.with(async (kernel) => {
    kernel.begin(plan);
    const feeder = new LineFeeder(kernel);
    if (!feed(feeder, rest, tuning)) return null;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      if (!feed(feeder, next.value, tuning)) return null;
    }
    return feeder.finish() === 'ended' ? kernel.sums() : null;
  });
}

function feed(feeder: LineFeeder, chunk: Uint8Array, { blockBytes }: Tuning): boolean {
  for (let at = 0; at < chunk.length; ) {
    const room = feeder.room(blockBytes);
    const piece = chunk.subarray(at, at + room.length);
    room.set(piece);
    at += piece.length;
    if (feeder.take(piece.length) === 'odd') return false;
  }
  return true;
}
