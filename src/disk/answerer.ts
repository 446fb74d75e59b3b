/**
 * Which file system responds for a path, found out without touching it, because one that hangs would not respond. The
 * mount table is the kernel's, and links are followed only if they are on local disks.
 */
import { readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Mount, readMounts } from './mount-table.js';

export interface Answerer {
  /** Mounts that hang together share one name: those of a device, or of a server. */
  readonly name: string;
  /** Whether another machine or another process responds, or a file system of an unknown type. */
  readonly isRemote: boolean;
}

const localTypes: ReadonlySet<string> = new Set(
  'ext2 ext3 ext4 xfs btrfs zfs f2fs bcachefs jfs reiserfs vfat exfat ntfs3 iso9660 squashfs erofs tmpfs ramfs rootfs devtmpfs overlay aufs proc sysfs'.split(
    ' ',
  ),
);

/** How long a table counts as current. */
const freshMs = 250;

let table: ReadonlyMap<string, Mount> = new Map();
let mounts: readonly Mount[] | null = null;
let readAtMs = Number.NEGATIVE_INFINITY;
/** Folders that may be behind links, and the targets of these. */
const known = new Map<string, string>();
/** By folder; without anything that may be out of date. */
const answerers = new Map<string, Answerer>();
const mostAnswerers = 10_000;

/** Remembers that `folder` leads to `real`, if that was found out. */
export function knowPlace(folder: string, real?: string): void {
  if (real === undefined) readTable();
  const before = known.get(folder);
  known.set(folder, real ?? follow(folder));
  if (known.get(folder) !== before) answerers.clear();
}

/** Reads the mount table again if it may be old; returns whether it changed. */
export function refreshMounts(): boolean {
  return performance.now() - readAtMs >= freshMs && readTable();
}

function readTable(): boolean {
  readAtMs = performance.now();
  const found = readMounts();
  if (found === mounts) return false;
  mounts = found;
  // If several are mounted at one point, the last hides the others.
  table = new Map(found?.map((mount) => [mount.point, mount]));
  answerers.clear();
  // At once: with an older table, a link could be read on a mount that hangs.
  for (const folder of [...known.keys()]) known.set(folder, follow(folder));
  return true;
}

/** For an absolute path. If the system does not report mounts, each known place counts as its own. */
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

/** Does not look for links on remote mounts: the path leads through the mount in any case. */
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
