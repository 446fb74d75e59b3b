import { readSync } from 'node:fs';
import type { Kernel, TableSums } from './kernel/kernel.js';
import { type Feeding, LineFeeder } from './line-feeder.js';
import type { TablePlan } from './table-plan.js';
import type { Tuning } from './tuning.js';

/** One file, for all the threads that scan it together. */
export interface FileScan<Plan = TablePlan> {
  /** Open in this process; reads name their positions, so that threads can share it. */
  readonly fd: number;
  readonly plan: Plan;
  /** Where the rows begin and end in the file. */
  readonly from: number;
  readonly to: number;
  /** Shared between threads; see `control`. */
  readonly control: Int32Array;
  readonly tuning: Tuning;
}

/** Places in a scan's shared control block. */
export const control = {
  /** The number of the stretch that nobody has taken yet. */
  nextStretch: 0,
  /** Not 0: stop, the result is no longer wanted. */
  stop: 1,
  places: 2,
} as const;

export type ScanOutcome<Sums = TableSums> =
  | { readonly kind: 'scanned'; readonly sums: Sums }
  | { readonly kind: 'odd' }
  | { readonly kind: 'stopped' };

type StretchOutcome = ScanOutcome['kind'];

/**
 * Takes stretch after stretch of a file until none is left, and adds up the lines that begin in them. The
 * line that crosses a stretch's end belongs to it; it is read to its end. Calls `onBytes` for each stretch.
 *
 * Cutting at any line feed is sound because there is no quote: the thread that meets one finds it odd.
 */
export function scanStretches<Plan, Sums>(
  scan: FileScan<Plan>,
  kernel: Kernel<Plan, Sums>,
  onBytes: (count: number) => void,
): ScanOutcome<Sums> {
  const { stretchBytes } = scan.tuning;
  kernel.begin(scan.plan);
  for (;;) {
    if (Atomics.load(scan.control, control.stop) !== 0) return { kind: 'stopped' };
    const from = scan.from + stretchBytes * Atomics.add(scan.control, control.nextStretch, 1);
    if (from >= scan.to) return { kind: 'scanned', sums: kernel.sums() };
    const to = Math.min(from + stretchBytes, scan.to);
    const outcome = scanStretch(scan, kernel, from, to);
    if (outcome !== 'scanned') {
      Atomics.store(scan.control, control.stop, 1);
      return { kind: outcome };
    }
    onBytes(to - from);
  }
}

/** Most lines that cross a stretch's end are over after so many bytes. */
const overhangBytes = 4096;

function scanStretch(
  scan: FileScan<unknown>,
  kernel: Pick<Kernel, 'buffer' | 'add'>,
  from: number,
  to: number,
): StretchOutcome {
  const feeder = new LineFeeder(kernel);
  let position = from === scan.from ? from : firstLineIn(scan.fd, from, to);
  if (position === null) return 'scanned';
  for (;;) {
    if (Atomics.load(scan.control, control.stop) !== 0) return 'stopped';
    const { count, feeding } = feedBlock(scan, feeder, position, to);
    if (feeding === 'odd') return 'odd';
    if (feeding === 'ended') return 'scanned';
    position += count;
  }
}

function feedBlock(
  { fd, tuning }: Pick<FileScan, 'fd' | 'tuning'>,
  feeder: LineFeeder,
  position: number,
  to: number,
): { readonly count: number; readonly feeding: Feeding } {
  const wanted = Math.max(to - position, 0) + overhangBytes;
  const room = feeder.room(Math.min(tuning.blockBytes, wanted));
  const last = to - 1 - (position - feeder.heldBytes);
  const count = readSync(fd, room, 0, room.length, position);
  const feeding = count === 0 ? feeder.finish() : feeder.take(count, last);
  return { count, feeding };
}

const lineFeed = 0x0a;

/**
 * Where the first line begins that begins from `from` on and before `to`; null where none does. It looks no
 * further than that: a file that is one long line must not be read once for each of its stretches.
 */
function firstLineIn(fd: number, from: number, to: number): number | null {
  const piece = new Uint8Array(Math.min(overhangBytes, to - from));
  const last = to - 1;
  for (let position = from - 1; position < last; ) {
    const count = readSync(fd, piece, 0, Math.min(piece.length, last - position), position);
    if (count === 0) return null;
    const at = piece.subarray(0, count).indexOf(lineFeed);
    if (at !== -1) return position + at + 1;
    position += count;
  }
  return null;
}
