/** A thread that reads raw files. It gets one task at a time, and answers each with one outcome. */
import { parentPort } from 'node:worker_threads';
import { createKernel } from '../scan/kernel/create-kernel.js';
import type { Kernel } from '../scan/kernel/kernel.js';
import { type FileScan, type ScanOutcome, scanStretches } from '../scan/stretch.js';
import { bufferBytes } from '../scan/tuning.js';
import type { ReadOutcome, ReadTask } from './read-task.js';
import type { FromThread, ToThread } from './work.js';

const port = parentPort;
if (port === null) throw new Error('this file is for worker threads');
const say = (message: FromThread) => port.postMessage(message);
const onBytes = (bytes: number) => say({ kind: 'progress', bytes });

let kernel: Kernel | null = null;
/** Of the task at hand, where it can hear of it: a scan looks at its control block. */
let stopping = new AbortController();

port.on('message', async (message: ToThread) => {
  if (message.kind === 'stop') return stopping.abort();
  const outcome = message.kind === 'scan' ? scan(message.task) : await read(message.task);
  say({ kind: 'ended', outcome });
});

/** A file that cannot be read is odd: the reference reads it again, and has the words for what is wrong. */
function scan(task: FileScan): ScanOutcome {
  const bytes = bufferBytes(task.tuning);
  if (kernel === null || kernel.buffer.length < bytes) kernel = createKernel(bytes);
  try {
    return scanStretches(task, kernel, onBytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'read') return { kind: 'odd' };
    throw error;
  }
}

async function read(task: ReadTask): Promise<ReadOutcome> {
  stopping = new AbortController();
  const { signal } = stopping;
  // Loaded by the first that needs it: most threads only ever scan.
  const { performRead } = await import('./read-task.js');
  return await performRead(task, { signal, onBytes });
}
