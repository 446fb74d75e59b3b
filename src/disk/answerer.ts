/**
 * Which file system answers for a path, told without asking it: one that hangs would not answer. The table of mounts is
 * the kernel's, and links are followed only as far as the disks of this machine hold them.
 */
import { readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Mount, readMounts } from './mount-table.js';

export interface Answerer {
  /** What hangs together has one name: the mounts of a device, or of a server. */
  readonly name: string;
  /** Whether another machine or another process answers; or a file system that is not known here. */
  readonly isRemote: boolean;
}

const localTypes: ReadonlySet<string> = new Set(
  'ext2 ext3 ext4 xfs btrfs zfs f2fs bcachefs jfs reiserfs vfat exfat ntfs3 iso9660 squashfs erofs tmpfs ramfs rootfs devtmpfs overlay aufs proc sysfs'.split(
    ' ',
  ),
);

/** How long a table is taken for granted. */
const freshMs = 50;

let table: ReadonlyMap<string, Mount> = new Map();
let mounts: readonly Mount[] | null = null;
let readAtMs = Number.NEGATIVE_INFINITY;
/** Folders that may lie behind links, and where these lead to. */
const known = new Map<string, string>();
/** By folder; nothing that may be out of date. */
const answerers = new Map<string, Answerer>();
const mostAnswerers = 10_000;

/** From now on it is known where `folder` leads to: to `real`, where that was found out. */
export function knowPlace(folder: string, real?: string): void {
  if (real === undefined) readTable();
  const before = known.get(folder);
  known.set(folder, real ?? follow(folder));
  if (known.get(folder) !== before) answerers.clear();
}

/** Reads the table of mounts where it may be old; whether it changed. */
export function refreshMounts(): boolean {
  return performance.now() - readAtMs >= freshMs && readTable();
}

function readTable(): boolean {
  readAtMs = performance.now();
  const found = readMounts();
  if (found === mounts) return false;
  mounts = found;
  // Of several at one point the last hides the others.
  table = new Map(found?.map((mount) => [mount.point, mount]));
  answerers.clear();
  // At once: by an older table, one that hangs could be asked for a link.
  for (const folder of [...known.keys()]) known.set(folder, follow(folder));
  return true;
}

/** Of an absolute path. Where the system does not tell of mounts, each known place is one by itself. */
export function answererOf(path: string): Answerer {
  const before = answerers.get(path);
  if (before !== undefined) return before;
  const isOneByItself = known.has(path) || table.has(path);
  const folder = isOneByItself ? path : path.slice(0, Math.max(1, path.lastIndexOf('/')));
  const found = answerers.get(folder) ?? answererIn(folder);
  if (answerers.size >= mostAnswerers) answerers.clear();
  answerers.set(folder, found);
  return found;
}

function answererIn(path: string): Answerer {
  const folder = upwards(path, (each) => (known.has(each) ? each : null));
  if (mounts === null) return { name: folder ?? '/', isRemote: folder !== null };
  const real = folder === null ? path : `${known.get(folder)}${path.slice(folder.length)}`;
  const mount = upwards(real, (each) => table.get(each) ?? null);
  return mount === null ? { name: '/', isRemote: false } : answererAt(mount);
}

function answererAt({ device, type, source }: Mount): Answerer {
  if (localTypes.has(type)) return { name: device, isRemote: false };
  const server = /^(?:nfs|cifs|smb)/.test(type) ? /^\/\/[^/]+|^.+(?=:\/)/.exec(source)?.[0] : null;
  return { name: server ?? device, isRemote: true };
}

/** As many as Linux follows. */
const mostLinks = 40;

/** Links in what is remote are not looked for: the way leads through it in any case. */
function follow(path: string, links = 0): string {
  if (mounts === null) return path;
  const names = path.split('/').filter((name) => name !== '');
  let mount = table.get('/');
  let real = '';
  for (const [index, name] of names.entries()) {
    const next = `${real}/${name}`;
    const mounted = table.get(next);
    mount = mounted ?? mount;
    const isLocal = mount !== undefined && localTypes.has(mount.type);
    const target = mounted === undefined && isLocal && links < mostLinks ? linkAt(next) : null;
    if (target !== null) {
      return follow(resolve(real || '/', target, ...names.slice(index + 1)), links + 1);
    }
    real = next;
  }
  return real || '/';
}

function linkAt(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** What `find` has of the path, or of the nearest folder above it. */
function upwards<T>(path: string, find: (path: string) => T | null): T | null {
  for (let each = path; ; each = dirname(each)) {
    const found = find(each);
    if (found !== null || each === '/' || each === '.') return found;
  }
}
