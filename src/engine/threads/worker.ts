/** A thread that reads raw files. It gets one task at a time, and answers each with one outcome. */
import { parentPort } from 'node:worker_threads';
import { PlainKernel } from '../duckdb/plain/plain-kernel.js';
import { createKernel } from '../scan/kernel/create-kernel.js';
import type { Kernel } from '../scan/kernel/kernel.js';
import { type FileScan, type ScanOutcome, scanStretches } from '../scan/stretch.js';
import { bufferBytes } from '../scan/tuning.js';
import type { FromThread, ToThread } from './work.js';

const port = parentPort;
if (port === null) throw new Error('this file is for worker threads');
const say = (message: FromThread) => port.postMessage(message);
const onBytes = (bytes: number) => say({ kind: 'progress', bytes });

const kernels = {
  scan: keptKernel(createKernel),
  plain: keptKernel((bytes) => new PlainKernel(bytes)),
};
/** Of the task at hand, where it can hear of it: a scan looks at its control block. */
let stopping = new AbortController();

port.on('message', async (message: ToThread) => {
  if (message.kind === 'stop') return stopping.abort();
  say({ kind: 'ended', outcome: await outcomeOf(message) });
});

async function outcomeOf(message: Exclude<ToThread, { kind: 'stop' }>) {
  if (message.kind === 'scan') return scan(message.task, kernels.scan);
  if (message.kind === 'plain') return scan(message.task, kernels.plain);
  stopping = new AbortController();
  const signals = { signal: stopping.signal, onBytes };
  // Loaded by the first that needs them: most threads only ever scan.
  if (message.kind === 'read') {
    const { performRead } = await import('./read-task.js');
    return await performRead(message.task, signals);
  }
  if (message.kind === 'look') {
    const { performLook } = await import('./look-task.js');
    return await performLook(message.task, signals);
  }
  if (message.kind === 'canonical') {
    const { performCanonical } = await import('./canonical-task.js');
    return await performCanonical(message.task, signals);
  }
  const { performColumns } = await import('./columns-task.js');
  return await performColumns(message.task, signals);
}

/** A file that cannot be read is odd: the reference reads it again and reports what is wrong. */
function scan<Plan, Sums>(
  task: FileScan<Plan>,
  kernelOf: (bufferBytes: number) => Kernel<Plan, Sums>,
): ScanOutcome<Sums> {
  try {
    return scanStretches(task, kernelOf(bufferBytes(task.tuning)), onBytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'read') return { kind: 'odd' };
    throw error;
  }
}

/** One for all tasks, as long as its buffer suffices. */
function keptKernel<Plan, Sums>(
  create: (bufferBytes: number) => Kernel<Plan, Sums>,
): typeof create {
  let kept: Kernel<Plan, Sums> | null = null;
  return (bytes) => {
    if (kept === null || kept.buffer.length < bytes) kept = create(bytes);
    return kept;
  };
}
