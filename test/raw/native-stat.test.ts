/** What the C library says of a path must be taken for the very thing that Node says of it. */
import { lstatSync } from 'node:fs';
import { mkdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Groups } from '../../src/stamps/groups.js';
import { createNativeLooker } from '../../src/stamps/native-stat.js';
import { stampOf } from '../../src/stamps/stamp.js';
import { makeTempDir } from '../support/temp-dir.js';

const looker = createNativeLooker();

/** Both watch the same paths; the names are those of groups with one path each. */
async function watching(root: string, names: readonly string[]) {
  const watch = names.map((name) => {
    const path = join(root, name);
    return [name, [{ path, stamp: stampOf(lstatSync(path, { bigint: true })) }]] as const;
  });
  const plain = new Groups();
  const native = new Groups(looker ?? undefined);
  for (const groups of [plain, native]) groups.apply({ root, watch, forget: [] });
  return { plain, native };
}

const names = ['day', 'day/orders.csv', 'day/überall 100 %.csv', 'link', '../beside.csv'];

async function planted(): Promise<string> {
  const root = join(await makeTempDir(), 'raw');
  await mkdir(join(root, 'day'), { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.csv'))) {
    await writeFile(join(root, name), name);
  }
  await symlink('day', join(root, 'link'));
  return root;
}

describe.runIf(process.platform === 'linux')('a look by statx', () => {
  it('is to be had where koffi is installed', () => {
    expect(looker).not.toBeNull();
  });

  it('finds nothing changed where nothing was', async () => {
    const { native } = await watching(await planted(), names);
    expect(native.changed()).toEqual([]);
    expect(native.changed()).toEqual([]);
  });

  it.each<[what: string, change: (root: string) => Promise<unknown>]>([
    ['a file that grew', (root) => writeFile(join(root, 'day/orders.csv'), 'much more')],
    [
      'the same bytes, written again',
      (root) => writeFile(join(root, 'day/orders.csv'), 'day/orders.csv'),
    ],
    ['a time before 1970', (root) => utimes(join(root, 'day/orders.csv'), -1.5, -1.5)],
    ['a size beyond 32 bits', (root) => truncate(join(root, 'day/orders.csv'), 2 ** 33)],
    ['a file that went', (root) => rm(join(root, 'day/überall 100 %.csv'))],
    ['a link that leads elsewhere', (root) => relink(root)],
    ['a file beside the root', (root) => writeFile(join(root, '../beside.csv'), 'x')],
    ['a root that is gone', (root) => rename(root, `${root}.old`)],
    ['another root of the same name', (root) => replaceRoot(root)],
  ])('sees what Node sees: %s', async (_, change) => {
    const root = await planted();
    const { plain, native } = await watching(root, names);
    await change(root);
    const expected = plain.changed();
    expect(expected).not.toEqual([]);
    expect(native.changed()).toEqual(expected);
    // What it is now is what counts from now on.
    const still = names.filter((name) => lstatSync(join(root, name), { throwIfNoEntry: false }));
    expect((await watching(root, still)).native.changed()).toEqual([]);
  });
});

async function relink(root: string): Promise<void> {
  await rm(join(root, 'link'));
  await symlink('.', join(root, 'link'));
}

async function replaceRoot(root: string): Promise<void> {
  await rename(root, `${root}.old`);
  await mkdir(join(root, 'day'), { recursive: true });
  await writeFile(join(root, 'day/orders.csv'), 'day/orders.csv');
}
