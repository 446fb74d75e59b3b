/** Disks that note what is done, die at an operation, or fail one. */
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import {
  type InterceptedDisk,
  interceptDisk,
  type Operation,
  type OperationName,
} from './intercepted-disk.js';

/**
 * The real disk without its waits for stable storage, which a process that dies cannot tell from the
 * real ones: only a power cut can, and that has its own tests. Small as its files are, the kernel copies
 * them where it would copy large ones.
 */
export const quickDisk: Disk = {
  ...nodeDisk,
  kernelCopyBytes: 1,
  create: async (path) => ({ ...(await nodeDisk.create(path)), sync: async () => {} }),
  syncFolder: async () => {},
};

/** Where names cannot be exchanged. */
export const renamingDisk: Disk = {
  ...quickDisk,
  exchange: async () => {
    throw systemError('EINVAL', 'exchange');
  },
};

export interface Recording extends InterceptedDisk {
  readonly operations: readonly Operation[];
}

export function recordingDisk(real: Disk = quickDisk): Recording {
  const operations: Operation[] = [];
  const intercepted = interceptDisk(real, (operation, perform) => {
    operations.push(operation);
    return perform();
  });
  return { ...intercepted, operations };
}

/** The process is gone: no one answers any more. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Whether the operation at which the process dies took effect; of a write or copy also half can be done. */
export const crashMoments = ['before', 'halfway', 'after'] as const;
export type CrashMoment = (typeof crashMoments)[number];

/** Dies at operation `at`; from then on every operation throws and does nothing. */
export function crashingDisk(
  at: number,
  moment: CrashMoment,
  real: Disk = quickDisk,
): InterceptedDisk {
  let dead = false;
  return interceptDisk(real, async (operation, perform) => {
    if (dead) throw new Crash();
    if (operation.index !== at) return perform();
    dead = true;
    if (moment === 'after') await perform();
    if (moment === 'halfway') await perform(Math.floor((operation.write?.bytes.length ?? 0) / 2));
    throw new Crash();
  });
}

export type Failure =
  | { readonly kind: 'refused'; readonly code: string }
  /** As over a network: it happened, and the answer says that it did not. */
  | { readonly kind: 'belied'; readonly code: string }
  /** A write or copy that takes only part of its bytes, or none. */
  | { readonly kind: 'short'; readonly take: (length: number) => number };

export interface FailingDisk extends InterceptedDisk {
  /** Whether the operation was reached at all. */
  fired(): boolean;
  readonly operations: readonly Operation[];
}

/** Fails operation `at` once; everything else works. */
export function failingDisk(at: number, failure: Failure, real: Disk = quickDisk): FailingDisk {
  const operations: Operation[] = [];
  let fired = false;
  const intercepted = interceptDisk(real, async (operation, perform) => {
    operations.push(operation);
    if (operation.index !== at) return perform();
    fired = true;
    if (failure.kind === 'short') return perform(failure.take(operation.write?.bytes.length ?? 0));
    if (failure.kind === 'belied') await perform();
    throw systemError(failure.code, operation.name);
  });
  return { ...intercepted, operations, fired: () => fired };
}

export function systemError(code: string, name: OperationName): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected, ${name}`), { code });
}

/** On which no version takes the output's place, by whatever way. */
export function unpublishing(disk: Disk, output: string): Disk {
  const refusing =
    <Given extends unknown[], Done>(
      move: (from: string, to: string, ...given: Given) => Promise<Done>,
    ) =>
    async (from: string, to: string, ...given: Given) => {
      if (to === output) throw systemError('EIO', 'rename');
      return move(from, to, ...given);
    };
  return {
    ...disk,
    exchange: refusing(disk.exchange),
    link: refusing(disk.link),
    renameOver: refusing(disk.renameOver),
  };
}
