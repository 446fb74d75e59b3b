import { type Disk, nodeDisk } from '../../src/disk/disk.js';

export interface Counts {
  /** Names of the disk's operations, in order. */
  readonly calls: string[];
  /** Looks that wait for nothing are counted apart. */
  glances: number;
  /** Of opened files. */
  reads: number;
  bytesRead: number;
  bytesWritten: number;
  reset(): void;
}

/** The real disk, counted. */
export function createCountingDisk(): { readonly disk: Disk; readonly counts: Counts } {
  const counts: Counts = {
    calls: [],
    glances: 0,
    reads: 0,
    bytesRead: 0,
    bytesWritten: 0,
    reset: () => {
      counts.calls.length = 0;
      counts.glances = 0;
      counts.reads = 0;
      counts.bytesRead = 0;
      counts.bytesWritten = 0;
    },
  };
  const opening =
    (name: 'open' | 'create') =>
    async (path: string): ReturnType<Disk['open']> => {
      counts.calls.push(name);
      const file = await nodeDisk[name](path);
      return {
        ...file,
        read: async (buffer, position) => {
          const count = await file.read(buffer, position);
          counts.reads += 1;
          counts.bytesRead += count;
          return count;
        },
        write: async (buffer, position) => {
          const count = await file.write(buffer, position);
          counts.bytesWritten += count;
          return count;
        },
      };
    };
  const counted = <Name extends Exclude<keyof Disk, 'kernelCopyBytes'>>(name: Name): Disk[Name] =>
    ((...args: unknown[]) => {
      counts.calls.push(name);
      return (nodeDisk[name] as (...all: unknown[]) => unknown)(...args);
    }) as Disk[Name];

  const disk: Disk = {
    kernelCopyBytes: nodeDisk.kernelCopyBytes,
    open: opening('open'),
    create: opening('create'),
    identity: counted('identity'),
    glance: (path) => {
      counts.glances += 1;
      return nodeDisk.glance(path);
    },
    list: counted('list'),
    link: counted('link'),
    rename: counted('rename'),
    exchange: counted('exchange'),
    renameOver: counted('renameOver'),
    remove: counted('remove'),
    removeFolder: counted('removeFolder'),
    touch: counted('touch'),
    makeFolder: counted('makeFolder'),
    syncFolder: counted('syncFolder'),
  };
  return { disk, counts };
}
