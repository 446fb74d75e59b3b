/** Who may read or write the output is for its keeper to say: a commit leaves it as it is. */
import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { renamingDisk } from '../faults/faulty-disks.js';
import { commit, listFolder, makePlace, writeOutput } from './place.js';

const accessOf = async (path: string) => {
  const { mode, uid, gid } = await stat(path);
  return { mode: (mode & 0o7777).toString(8), uid, gid };
};
const isRoot = process.geteuid?.() === 0;

describe.each([
  ['exchange', nodeDisk],
  ['rename', renamingDisk],
] as const)('published by %s', (_, disk: Disk) => {
  it.each(['640', '600', '664', '444'])('mode %s is kept', async (mode) => {
    const { folder, store } = await makePlace(disk);
    await commit(store, { 0: { 1: { a: 1 } } });
    await chmod(folder.output, Number.parseInt(mode, 8));
    await commit(store, { 1: { 1: { a: 1 } } });
    expect((await accessOf(folder.output)).mode).toBe(mode);
  });

  it.runIf(isRoot)('owner and group are kept, and so are those of a copy in backup/', async () => {
    const { folder, store } = await makePlace(disk);
    await commit(store, { 0: { 1: { a: 1 } } });
    await writeOutput(folder, 'day_of_week,hour_of_day,category,items_count\n0,1,a,7\n');
    await chown(folder.output, 65534, 4);
    await chmod(folder.output, 0o640);
    const before = await accessOf(folder.output);
    await commit(store, { 0: { 1: { a: 2 } } });
    expect(before).toEqual({ mode: '640', uid: 65534, gid: 4 });
    expect(await accessOf(folder.output)).toEqual(before);
    const [kept = ''] = await listFolder(folder.backup);
    expect(await accessOf(join(folder.backup, kept))).toEqual(before);
  });
});

it('no one may read the staged file who may not read the output, from its first byte on', async () => {
  const seen: string[] = [];
  const disk: Disk = {
    ...nodeDisk,
    create: async (path, mode) => {
      const file = await nodeDisk.create(path, mode);
      if (path.includes('/staged/2')) seen.push((await accessOf(path)).mode);
      const write: typeof file.write = async (...given) => {
        seen.push((await accessOf(path)).mode);
        return file.write(...given);
      };
      return path.includes('/staged/') ? { ...file, write } : file;
    },
  };
  const { folder, store } = await makePlace(disk);
  await commit(store, { 0: { 1: { a: 1 } } });
  await chmod(folder.output, 0o600);
  seen.length = 0;
  await commit(store, { 1: { 1: { a: 1 } } });
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set(['600']));
});

it('a file has its mode before it is given away, since whoever may do that may not always change it', async () => {
  const { folder, store } = await makePlace();
  await commit(store, { 0: { 1: { a: 1 } } });
  await chmod(folder.output, 0o640);
  if (isRoot) await chown(folder.output, 65534, 4);
  const model = await nodeDisk.open(folder.output);
  const staged = join(folder.staged, 'made');
  const file = await nodeDisk.create(staged, 0o600);
  const seen: string[] = [];
  const { takeAccess } = await import('../../src/disk/access.js');
  await takeAccess(
    file,
    model,
    () => {},
    async (_, uid) => {
      if (uid !== -1) seen.push((await accessOf(staged)).mode);
    },
  );
  expect(seen).toEqual(isRoot ? ['640'] : []);
  for (const each of [file, model]) await each.close();
  await rm(staged);
});

it('a first output has the mode that the umask leaves', async () => {
  const { folder, store } = await makePlace();
  await commit(store, { 0: { 1: { a: 1 } } });
  const wanted = (0o644 & ~process.umask()).toString(8);
  expect((await accessOf(folder.output)).mode).toBe(wanted);
});

it('a group that may not be given is told, and what it might is given to no other group', async () => {
  const { folder, another, store } = await makePlace();
  await commit(store, { 0: { 1: { a: 1 } } });
  await chmod(folder.output, 0o640);
  const tells: string[] = [];
  // What the system answers to a process that may not.
  const model = await nodeDisk.open(folder.output);
  const staged = join(dirname(folder.staged), 'made');
  await mkdir(dirname(staged), { recursive: true });
  const file = await nodeDisk.create(staged);
  const refuse = async () => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  };
  const { takeAccess } = await import('../../src/disk/access.js');
  if (isRoot) await chown(folder.output, 65534, 4);
  await takeAccess(file, model, (warning) => tells.push(warning), refuse);
  expect((await accessOf(staged)).mode).toBe(isRoot ? '600' : '640');
  if (isRoot) expect(tells).toEqual([expect.stringContaining('owner 65534:4')]);
  await chmod(folder.output, 0o664);
  await takeAccess(file, model, () => {}, refuse);
  expect((await accessOf(staged)).mode).toBe(isRoot ? '644' : '664');
  for (const each of [file, model]) await each.close();
  await rm(staged);
  await another();
});
