/** Where days wait for their commit: in memory up to a bound, beyond it in a file that has no name. */
import { readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EncodedDay } from '../../src/core/ports/output.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { encodeDay } from '../../src/output/encode.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { createSpool } from '../../src/output/spool.js';
import { isSpoolName, spoolName } from '../../src/output/state-folder.js';
import { rowOf, shape } from '../support/counted.js';
import { changeTo, commit, day, header, makePlace, never, readText } from './place.js';

const encoded = (name: string, items: number) =>
  encodeDay(shape, day(name), [rowOf({ hour: 1, category: 'milk', items })]);

/** Of this process, whatever their names have become. */
async function openSpools(): Promise<string[]> {
  const links = await readdir('/proc/self/fd');
  const paths = await Promise.all(
    links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')),
  );
  return paths.filter((path) => path.includes('.spool'));
}

async function bytesOf(kept: Awaited<ReturnType<ReturnType<typeof createSpool>['keep']>>) {
  if (Buffer.isBuffer(kept.bytes)) throw new Error('it is in memory');
  const blocks: Buffer[] = [];
  await kept.bytes.read(async (block) => void blocks.push(Buffer.from(block)));
  return Buffer.concat(blocks).toString();
}

describe('a spool', () => {
  it('holds days in memory up to its bound, and writes the others', async () => {
    const { folder } = await makePlace();
    const spool = createSpool(nodeDisk, folder, 2 * '0,1,milk,1\n'.length);
    const kept = [];
    for (const name of ['0', '1', '2', '3']) kept.push(await spool.keep(await encoded(name, 1)));
    expect(kept.map(({ bytes }) => Buffer.isBuffer(bytes))).toEqual([true, true, false, false]);
    expect(kept.map(({ bytes }) => bytes.length)).toEqual([11, 11, 11, 11]);
    expect(await bytesOf(kept[3] as (typeof kept)[number])).toBe('3,1,milk,1\n');
    expect(await bytesOf(kept[2] as (typeof kept)[number])).toBe('2,1,milk,1\n');
    await spool.close();
  });

  it('has no file as long as it needs none', async () => {
    const { folder } = await makePlace();
    const disk: Disk = { ...nodeDisk, create: () => Promise.reject(new Error('a file')) };
    const spool = createSpool(disk, folder, 100);
    await spool.keep(await encoded('0', 1));
    await spool.close();
  });

  it('has a file without a name, and lets go of it', async () => {
    const { folder } = await makePlace();
    const spool = createSpool(nodeDisk, folder, 0);
    await spool.keep(await encoded('0', 1));
    expect(await readdir(folder.staged)).toEqual([]);
    expect(await openSpools()).toEqual([expect.stringMatching(/\(deleted\)$/)]);
    await spool.close();
    expect(await openSpools()).toEqual([]);
  });

  it('says that the disk is full, and leaves nothing there', async () => {
    const { folder } = await makePlace();
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
    });
    const disk: Disk = {
      ...nodeDisk,
      create: async (path) => ({
        ...(await nodeDisk.create(path)),
        write: () => Promise.reject(full),
      }),
    };
    const spool = createSpool(disk, folder, 0);
    await expect(encoded('0', 1).then(spool.keep)).rejects.toMatchObject({
      slug: 'output-unavailable',
      message: expect.stringMatching(/is full \(ENOSPC\): make room there/),
    });
    await spool.close();
    expect([await readdir(folder.staged), await openSpools()]).toEqual([[], []]);
  });

  it.each(['create', 'remove'] as const)('leaves no name where %s fails', async (operation) => {
    const { folder } = await makePlace();
    let failed = false;
    const disk: Disk = {
      ...nodeDisk,
      [operation]: async (path: string) => {
        if (failed) return nodeDisk[operation](path);
        failed = true;
        if (operation === 'create') await (await nodeDisk.create(path)).close();
        throw new Error('injected');
      },
    };
    const spool = createSpool(disk, folder, 0);
    await expect(encoded('0', 1).then(spool.keep)).rejects.toThrow('injected');
    expect([await readdir(folder.staged), await openSpools()]).toEqual([[], []]);
  });

  it('hands out no other bytes than it was given', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { milk: 1 } } });
    const spool = createSpool(nodeDisk, folder, 0);
    const wrong = async (given: EncodedDay) => spool.keep({ ...given, sha256: '0'.repeat(64) });
    const change = await changeTo(store, { 1: { 1: { milk: 1 } } }, [], wrong);
    await expect(store.commit(await store.look(), change, never)).rejects.toThrow('other rows');
    await spool.close();
    expect(await readText(folder.output)).toBe(`${header}0,1,milk,1\n`);
    expect(await readdir(folder.staged)).toEqual([]);
  });

  it('makes its folder again where someone has deleted it', async () => {
    const { folder } = await makePlace();
    await rm(folder.root, { recursive: true });
    const spool = createSpool(nodeDisk, folder, 0);
    expect(await bytesOf(await spool.keep(await encoded('0', 1)))).toBe('0,1,milk,1\n');
    await spool.close();
  });
});

it('a name that a crash left behind is gone after the next start', async () => {
  const { folder } = await makePlace();
  await writeFile(join(folder.staged, spoolName()), 'rows');
  expect((await readdir(folder.staged)).filter(isSpoolName)).toHaveLength(1);
  await createOutputStore({ folder, shape }).open();
  expect(await readdir(folder.staged)).toEqual([]);
});

it('a day is encoded in parts to the same bytes as in one', async () => {
  const rows = Array.from({ length: 25_000 }, (_, index) => ({
    hour: Math.floor(index / 2_000),
    category: `c"${String(index).padStart(5, '0')}`,
    items: index + 1,
  }));
  const whole = await encodeDay(shape, day('3'), rows.map(rowOf));
  expect(whole.bytes.toString()).toBe(
    rows
      .map(({ hour, category, items }) => `3,${hour},"${category.replace('"', '""')}",${items}\n`)
      .join(''),
  );
  expect([whole.rows, whole.totals]).toEqual([25_000, { items_count: (25_000 * 25_001) / 2 }]);
});
