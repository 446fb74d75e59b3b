/** At start: refuses virtual file systems such as /proc, which look like folders but cannot hold files. */
import { resolve } from 'node:path';
import { isWithin } from '../disk/is-within.js';
import { statfs } from '../disk/look-at.js';
import { nearest } from '../disk/nearest.js';
import { UnfitPlace } from '../output/unfit-place.js';

/** By the magic numbers that statfs(2) documents. Folders cannot be created there, or what is created is not a file. */
const unrealTypes: ReadonlyMap<number, string> = new Map([
  [0x9fa0, 'proc'],
  [0x62656572, 'sysfs'],
  [0x27e0eb, 'cgroup'],
  [0x63677270, 'cgroup2'],
  [0x64626720, 'debugfs'],
  [0x74726163, 'tracefs'],
  [0x73636673, 'securityfs'],
  [0x62656570, 'configfs'],
  [0xcafe4a11, 'bpf'],
  [0x6165676c, 'pstore'],
  [0x1cd1, 'devpts'],
  [0x19800202, 'mqueue'],
  [0x42494e4d, 'binfmt_misc'],
  [0xde5e81e4, 'efivarfs'],
  [0x6e736673, 'nsfs'],
]);

/** Throws UnfitPlace. Creates nothing. */
export async function refuseUnreal(setting: string, given: string): Promise<void> {
  const path = resolve(given);
  const { folder: found } = await nearest(path);
  const unreal = unrealTypes.get((await statfs(found)).type);
  // /dev is a tmpfs, like other places that can hold files.
  const isDevices = isWithin('/dev', found) && !isWithin('/dev/shm', found);
  if (unreal === undefined && !isDevices) return;
  throw new UnfitPlace(
    `${setting} (${path}) leads into ${unreal ?? '/dev'}, a virtual file system that cannot hold files; set ${setting} to a place on a disk.`,
  );
}
