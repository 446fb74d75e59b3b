/** Places in the raw root, whichever links and mounts lead there. */
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { watchOver } from '../../src/raw/outside-raw.js';
import { bindMount, canMount, mountTmpfs } from '../support/bind-mount.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Relative to a folder with `raw/3` in it. */
interface Scene {
  /** Link, and where it leads. */
  readonly links?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  /** Where, and what is shown there. */
  readonly binds?: readonly (readonly [point: string, folder: string])[];
  /** Where a file system of its own is mounted. */
  readonly tmpfs?: readonly string[];
  readonly raw?: string;
}

async function isInRaw(written: string, scene: Scene): Promise<boolean> {
  const root = await makeTempDir();
  const at = (path: string) => join(root, path);
  await mkdir(at('raw/3'), { recursive: true });
  for (const point of scene.tmpfs ?? []) await mountTmpfs(at(point));
  for (const folder of scene.folders ?? []) await mkdir(at(folder), { recursive: true });
  for (const [link, target] of Object.entries(scene.links ?? {})) await symlink(target, at(link));
  for (const [point, folder] of scene.binds ?? []) await bindMount(at(folder), at(point));
  const watch = await watchOver(at(scene.raw ?? 'raw'));
  return watch(at(written));
}

type Case = [what: string, written: string, scene: Scene];

describe('a folder in the raw root is found', () => {
  it.each<Case>([
    ['by its name', 'raw', {}],
    ['by its name, in a day', 'raw/3/out', {}],
    ['by its name, before the root is there', 'new/raw/3', { raw: 'new/raw' }],
    ['over a link to the root', 'link/3/out', { links: { link: 'raw' } }],
    ['over a link into the root', 'link', { links: { link: 'raw/3' } }],
    ['over a link to a link', 'a/out', { links: { a: 'b', b: 'raw/3' } }],
    ['over a link above the root', 'link/raw/out', { links: { link: '.' } }],
    ['over a link that leads to nothing yet', 'link/out', { links: { link: 'raw/9' } }],
    [
      'over a link with two dots',
      'sub/link/out',
      { folders: ['sub'], links: { 'sub/link': '../raw' } },
    ],
    [
      'over a link to where the root will be',
      'link/raw',
      { raw: 'new/raw', folders: ['new'], links: { link: 'new' } },
    ],
    ['where the root is a link', 'raw/3/out', { raw: 'link', links: { link: 'raw' } }],
    [
      'where a link leads to the root',
      'raw/out',
      { raw: 'a/b', folders: ['a'], links: { 'a/b': '../raw' } },
    ],
  ])('%s', async (_, written, scene) => {
    expect(await isInRaw(written, scene)).toBe(true);
  });

  it.skipIf(!canMount).each<Case>([
    ['over a mount of the root', 'out', { binds: [['out', 'raw']] }],
    ['over a mount of a day', 'out/deep', { binds: [['out', 'raw/3']] }],
    [
      'over a mount of what is deep in a day',
      'out',
      { folders: ['raw/3/x/y'], binds: [['out', 'raw/3/x/y']] },
    ],
    [
      'over a mount of what is above the root',
      'out/raw/3',
      { folders: ['top/raw/3'], raw: 'top/raw', binds: [['out', 'top']] },
    ],
    [
      'over a mount of a mount',
      'b/out',
      {
        binds: [
          ['a', 'raw'],
          ['b', 'a/3'],
        ],
      },
    ],
    ['over a link and a mount', 'link/deep', { links: { link: 'out' }, binds: [['out', 'raw/3']] }],
    [
      'where the root is a mount',
      'store/3/out',
      { raw: 'raw', folders: ['store/3'], binds: [['raw', 'store']] },
    ],
    [
      'where the root is a mount, and so is the folder',
      'b/out',
      {
        folders: ['store/3'],
        binds: [
          ['raw', 'store'],
          ['b', 'store/3'],
        ],
      },
    ],
    ['where a day is a mount', 'disk/out', { folders: ['disk'], binds: [['raw/3', 'disk']] }],
    [
      'where a day is another file system',
      'out',
      { tmpfs: ['raw/3'], folders: ['raw/3/deep'], binds: [['out', 'raw/3/deep']] },
    ],
    [
      'where the root is to be made in a mount',
      'store/raw/3',
      { raw: 'mount/raw', folders: ['store'], binds: [['mount', 'store']] },
    ],
    [
      'where the mount has a name to be escaped',
      'o u\\t\nx/deep',
      { binds: [['o u\\t\nx', 'raw/3']] },
    ],
  ])('%s', async (_, written, scene) => {
    expect(await isInRaw(written, scene)).toBe(true);
  });
});

describe('a folder elsewhere is let be', () => {
  it.each<Case>([
    ['beside the root', 'out', {}],
    ['with a name that begins like the root', 'raw2/out', { folders: ['raw2'] }],
    ['above the root', '', {}],
    ['before the root is there', 'new/out', { raw: 'new/raw' }],
    [
      'to which a link in the root leads',
      'out',
      { folders: ['out'], links: { 'raw/4': '../out' } },
    ],
    [
      'over a link out of the root',
      'raw/4/deep',
      { folders: ['out'], links: { 'raw/4': '../out' } },
    ],
    ['over a link in a circle', 'a/out', { links: { a: 'b', b: 'a' } }],
  ])('%s', async (what, written, scene) => {
    // By its name it lies in the root; but nothing is written there.
    expect([what, await isInRaw(written, scene)]).toEqual([what, false]);
  });

  it.skipIf(!canMount).each<Case>([
    ['over a mount of something else', 'out', { folders: ['store'], binds: [['out', 'store']] }],
    [
      'over a mount beside the root',
      'out/b',
      { folders: ['top/raw', 'top/b'], raw: 'top/raw', binds: [['out', 'top']] },
    ],
    ['on a file system of its own', 'disk/raw/3', { tmpfs: ['disk'] }],
    [
      'of the same path on another file system',
      'b/3',
      { tmpfs: ['a', 'b'], folders: ['a/3', 'b/3'], raw: 'a' },
    ],
  ])('%s', async (_, written, scene) => {
    expect(await isInRaw(written, scene)).toBe(false);
  });
});

test.skipIf(!canMount)('a mount that is hidden by another does not count', async () => {
  const root = await makeTempDir();
  await mkdir(join(root, 'raw/3'), { recursive: true });
  await mkdir(join(root, 'out/deep'), { recursive: true });
  await bindMount(join(root, 'raw/3'), join(root, 'out/deep'));
  await mountTmpfs(join(root, 'out'));
  await mkdir(join(root, 'out/deep'));
  const watch = await watchOver(join(root, 'raw'));
  expect(await watch(join(root, 'out/deep'))).toBe(false);
});

test('the root is found by its inode where it was renamed meanwhile', async () => {
  const root = await makeTempDir();
  await mkdir(join(root, 'raw/3'), { recursive: true });
  const watch = await watchOver(join(root, 'raw'));
  await rename(join(root, 'raw'), join(root, 'renamed'));
  expect(await watch(join(root, 'renamed/3/out'))).toBe(true);
});
