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

/** How long a table or the links of a folder are taken for granted. */
const freshMs = 250;

interface Followed {
  readonly real: string;
  readonly atMs: number;
}

let table: ReadonlyMap<string, Mount> = new Map();
let mounts: readonly Mount[] | null = null;
let readAtMs = Number.NEGATIVE_INFINITY;
/** Of folders that many are asked about below: each is followed once, not for every path. */
const known = new Map<string, Followed>();

/** From now on, links on the way to `folder` are not followed for each path below it. */
export function knowPlace(folder: string): void {
  if (!known.has(folder)) known.set(folder, { real: folder, atMs: Number.NEGATIVE_INFINITY });
}

/** Reads the table of mounts where it may be old; whether it changed. */
export function refreshMounts(): boolean {
  const now = performance.now();
  if (now - readAtMs < freshMs) return false;
  readAtMs = now;
  const found = readMounts();
  if (found === mounts) return false;
  mounts = found;
  // Of several at one point the last hides the others.
  table = new Map(found?.map((mount) => [mount.point, mount]));
  for (const folder of [...known.keys()])
    known.set(folder, { real: folder, atMs: Number.NEGATIVE_INFINITY });
  return true;
}

/** Of an absolute path. Where the system does not tell of mounts, each known place is one by itself. */
export function answererOf(path: string): Answerer {
  const folder = upwards(path, (each) => (known.has(each) ? each : null));
  if (mounts === null) return { name: folder ?? '/', isRemote: folder !== null };
  const real = folder === null ? follow(path) : `${realOf(folder)}${path.slice(folder.length)}`;
  const mount = upwards(real, (each) => table.get(each) ?? null);
  return mount === null ? { name: '/', isRemote: false } : answererAt(mount);
}

function answererAt({ device, type, source }: Mount): Answerer {
  if (localTypes.has(type)) return { name: device, isRemote: false };
  const server = /^(?:nfs|cifs|smb)/.test(type) ? /^\/\/[^/]+|^.+(?=:\/)/.exec(source)?.[0] : null;
  return { name: server ?? device, isRemote: true };
}

function realOf(folder: string): string {
  const now = performance.now();
  const before = known.get(folder);
  if (before !== undefined && now - before.atMs < freshMs) return before.real;
  const real = follow(folder);
  known.set(folder, { real, atMs: now });
  return real;
}

/** As many as Linux follows. */
const mostLinks = 40;

/** Links in what is remote are not looked for: the way leads through it in any case. */
function follow(path: string, links = 0): string {
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
