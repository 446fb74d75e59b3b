import type { KernelShelf } from './kernel-shelf.js';
import { LineFeeder } from './line-feeder.js';
import type { Tuning } from './tuning.js';

/** A text whose header was read. */
export interface OpenedText<Plan> {
  readonly plan: Plan;
  /** Where the rows begin in the text. */
  readonly rowsAt: number;
  /** The text that was read beyond the header. */
  readonly rest: Uint8Array;
}

/** Scans the rows of a text that arrives in chunks. Null where it is odd. */
export function scanChunks<Plan, Sums>(
  { plan, rest }: OpenedText<Plan>,
  chunks: AsyncIterator<Uint8Array>,
  kernels: KernelShelf<Plan, Sums>,
  tuning: Tuning,
): Promise<Sums | null> {
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
