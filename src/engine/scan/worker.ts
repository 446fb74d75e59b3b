/** A thread of the scan engine. It gets one scan at a time, and answers each with one outcome. */
import { parentPort } from 'node:worker_threads';
import { createKernel } from './kernel/create-kernel.js';
import type { Kernel } from './kernel/kernel.js';
import { type FileScan, type ScanOutcome, scanStretches } from './stretch.js';
import { bufferBytes } from './tuning.js';

/** `progress` may come any number of times before the outcome. */
export type ThreadMessage =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'ended'; readonly outcome: ScanOutcome };

const port = parentPort;
if (port === null) throw new Error('this file is for worker threads');
const say = (message: ThreadMessage) => port.postMessage(message);

let kernel: Kernel | null = null;

port.on('message', (scan: FileScan) => {
  const bytes = bufferBytes(scan.tuning);
  if (kernel === null || kernel.buffer.length < bytes) kernel = createKernel(bytes);
  const outcome = outcomeOf(scan, kernel);
  say({ kind: 'ended', outcome });
});

/** A file that cannot be read is odd: the reference reads it again, and has the words for what is wrong. */
function outcomeOf(scan: FileScan, kernel: Kernel): ScanOutcome {
  try {
    return scanStretches(scan, kernel, (bytes) => say({ kind: 'progress', bytes }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'read') return { kind: 'odd' };
    throw error;
  }
}
