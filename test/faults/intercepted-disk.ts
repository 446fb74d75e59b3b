/** A disk of which every operation, also on opened files, passes through one function first. */
import type { Disk, DiskFile } from '../../src/disk/disk.js';
import { readRange } from '../../src/disk/whole-files.js';

export type OperationName =
  | Exclude<keyof Disk, 'identity' | 'renameOver' | 'kernelCopyBytes'>
  | 'stat'
  | 'read'
  | 'write'
  | 'copy'
  | 'truncate'
  | 'fstat'
  | 'sync'
  | 'close';

export interface Operation {
  /** Counts from 0, in the order in which operations begin. */
  readonly index: number;
  readonly name: OperationName;
  /** Of an opened file: the path it was opened under. */
  readonly path: string;
  /** The second path of a link, rename or exchange. */
  readonly to: string | null;
  /** Where a write begins, and its bytes; of a copy in the kernel, the whole file. */
  readonly write: { readonly position: number; readonly bytes: Buffer } | null;
  /** Of a truncation. */
  readonly sizeBytes: number | null;
}

/** Does the operation; a write or copy can be told to take only so many bytes. */
export type Perform<T> = (mostBytes?: number) => Promise<T>;
export type Intercept = <T>(operation: Operation, perform: Perform<T>) => Promise<T>;

export interface InterceptedDisk {
  readonly disk: Disk;
  /** Closes what was left open, as the system does when a process ends. */
  closeAll(): Promise<void>;
}

export function interceptDisk(real: Disk, intercept: Intercept): InterceptedDisk {
  const open = new Set<DiskFile>();
  const realOf = new Map<DiskFile, DiskFile>();
  let count = 0;

  const pass = <T>(
    name: OperationName,
    path: string,
    perform: Perform<T>,
    more: Partial<Pick<Operation, 'to' | 'write' | 'sizeBytes'>> = {},
  ) =>
    intercept(
      { index: count++, name, path, to: null, write: null, sizeBytes: null, ...more },
      perform,
    );

  const opened = (path: string, action: () => Promise<DiskFile>) => async () => {
    const file = await action();
    open.add(file);
    const wrapped = wrap(path, file);
    realOf.set(wrapped, file);
    return wrapped;
  };

  const wrap = (path: string, file: DiskFile): DiskFile => ({
    descriptor: file.descriptor,
    read: (buffer, position) => pass('read', path, () => file.read(buffer, position)),
    write: (buffer, position) =>
      pass('write', path, (mostBytes) => file.write(buffer.subarray(0, mostBytes), position), {
        write: { position, bytes: buffer },
      }),
    copyFrom: async (source) => {
      const bytes = await contentsOf(realOf.get(source) ?? source);
      const perform: Perform<boolean> = async (mostBytes) => {
        if (mostBytes === undefined) return file.copyFrom(realOf.get(source) ?? source);
        await file.write(bytes.subarray(0, mostBytes), 0);
        return true;
      };
      return pass('copy', path, perform, { write: { position: 0, bytes } });
    },
    truncate: (sizeBytes) => pass('truncate', path, () => file.truncate(sizeBytes), { sizeBytes }),
    identity: () => pass('fstat', path, () => file.identity()),
    sync: () => pass('sync', path, () => file.sync()),
    close: () =>
      pass('close', path, () => {
        open.delete(file);
        return file.close();
      }),
  });

  const disk: Disk = {
    kernelCopyBytes: real.kernelCopyBytes,
    open: (path) =>
      pass(
        'open',
        path,
        opened(path, () => real.open(path)),
      ),
    create: (path) =>
      pass(
        'create',
        path,
        opened(path, () => real.create(path)),
      ),
    identity: (path) => pass('stat', path, () => real.identity(path)),
    // Tells nothing at once, so that every look goes through what can be interrupted and made to fail.
    glance: () => {
      throw new Error('a glance cannot be intercepted');
    },
    list: (path) => pass('list', path, () => real.list(path)),
    link: (from, to) => pass('link', from, () => real.link(from, to), { to }),
    rename: (from, to) => pass('rename', from, () => real.rename(from, to), { to }),
    exchange: (from, to) => pass('exchange', from, () => real.exchange(from, to), { to }),
    // To whoever is not about to lose that instant it is a rename.
    renameOver: (from, to, expected) =>
      pass('rename', from, () => real.renameOver(from, to, expected), { to }),
    remove: (path) => pass('remove', path, () => real.remove(path)),
    removeFolder: (path) => pass('removeFolder', path, () => real.removeFolder(path)),
    touch: (path) => pass('touch', path, () => real.touch(path)),
    makeFolder: (path) => pass('makeFolder', path, () => real.makeFolder(path)),
    syncFolder: (path) => pass('syncFolder', path, () => real.syncFolder(path)),
  };
  return {
    disk,
    closeAll: async () => {
      for (const file of open) await file.close();
      open.clear();
    },
  };
}

async function contentsOf(file: DiskFile): Promise<Buffer> {
  const length = (await file.identity()).sizeBytes;
  const bytes = Buffer.alloc(length);
  await readRange(
    file,
    { offset: 0, length },
    (block, position) => void block.copy(bytes, position),
  );
  return bytes;
}

const changing: ReadonlySet<OperationName> = new Set([
  'create',
  'write',
  'copy',
  'truncate',
  'link',
  'rename',
  'exchange',
  'remove',
  'removeFolder',
  'makeFolder',
]);

/** Whether anyone else could tell, without a power cut, that the operation was done. */
export function changesSomething({ name }: Operation): boolean {
  return changing.has(name);
}

/** Short enough to name a test's case: `rename staged/2-….csv → orders.csv`. */
export function describeOperation({ index, name, path, to }: Operation): string {
  const short = (text: string) => text.split('/').slice(-2).join('/');
  return `${index}: ${name} ${short(path)}${to === null ? '' : ` → ${short(to)}`}`;
}
