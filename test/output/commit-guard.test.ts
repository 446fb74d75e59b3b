/** What the commit protocol holds against disks that lie, edits in the last instant and other writers. */
import { stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCommitGate } from '../../src/core/commit-gate.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import {
  changeTo,
  commit,
  day,
  header,
  listFolder,
  makePlace,
  never,
  readText,
  rowsOfDay,
  summary,
  writeOutput,
} from './place.js';

const failure = () => Object.assign(new Error('injected'), { code: 'EIO' });

describe('a commit', () => {
  it('is off when the disk took fewer bytes than it said', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const disk: Disk = {
      ...nodeDisk,
      create: async (path) => {
        const file = await nodeDisk.create(path);
        if (!path.startsWith(folder.staged)) return file;
        const write: typeof file.write = async (buffer, position) => {
          await file.write(buffer.subarray(1), position);
          return buffer.length;
        };
        return { ...file, write };
      },
    };
    const liar = await another(disk);
    await expect(commit(liar, { 1: { 1: { b: 1 } } })).rejects.toThrow(/bytes instead of/);
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n`);
    expect(await listFolder(folder.staged)).toEqual([]);
  });

  it('whose outcome cannot be found out keeps what recovery needs', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    let broken = false;
    const disk: Disk = {
      ...nodeDisk,
      open: (path) =>
        broken && path.startsWith(folder.commits) ? Promise.reject(failure()) : nodeDisk.open(path),
      link: async (from, to) => {
        await nodeDisk.link(from, to);
        if (!to.startsWith(folder.commits)) return;
        broken = true;
        throw failure();
      },
    };
    const blind = await another(disk);
    await expect(commit(blind, { 1: { 1: { b: 1 } } })).rejects.toThrow(/could not be found out/);
    expect((await (await another()).look()).version).toBe(2);
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n`);
  });

  it('is off when the output is edited in place while it is copied', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const edited = `${header}0,1,a,7\n`;
    const other = await another(meddlingAfterRead(folder.output, edited));
    const result = await other.commit(
      await other.look(),
      await changeTo(other, { 1: { 1: { b: 1 } } }),
      never,
    );
    expect(result.kind).toBe('conflict');
    expect(await readText(folder.output)).toBe(edited);
    expect(await listFolder(folder.staged)).toEqual([]);
  });

  it('is off when the output was edited in place and its times put back', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const seconds = 1_700_000_000;
    await utimes(folder.output, seconds, seconds);
    const base = await store.look();
    // Longer than a tick of the file system's clock.
    await sleep(50);
    const edited = `${header}0,1,a,7\n`;
    await writeFile(folder.output, edited);
    await utimes(folder.output, seconds, seconds);
    const result = await store.commit(base, await changeTo(store, { 1: { 1: { b: 1 } } }), never);
    expect(result.kind).toBe('conflict');
    expect(await readText(folder.output)).toBe(edited);
    await commit(store, { 1: { 1: { b: 1 } } });
    expect(summary(await store.look())).toMatchObject({ 0: { damage: 'altered' } });
  });

  it('that follows another one of the same process is not taken for a change of the output', async () => {
    const { store } = await makePlace();
    let base = await store.look();
    for (let count = 1; count <= 20; count += 1) {
      const change = await changeTo(store, { 0: { 1: { a: count } } });
      expect(await store.commit(base, change, never)).toMatchObject({ kind: 'committed' });
      base = await store.look();
    }
  });

  it('that is cancelled once its bytes are staged is off', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const gate = createCommitGate();
    const disk: Disk = {
      ...nodeDisk,
      syncFolder: async (path) => {
        await nodeDisk.syncFolder(path);
        if (path === folder.staged) gate.stop('cancelled');
      },
    };
    const other = await another(disk);
    const change = await changeTo(other, { 1: { 1: { b: 1 } } });
    const attempt = other.commit(await other.look(), change, gate);
    await expect(attempt).rejects.toBe('cancelled');
    expect((await store.look()).version).toBe(1);
    expect(await listFolder(folder.staged)).toEqual([]);
  });

  it('keeps its staged file though others look meanwhile', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const disk: Disk = {
      ...nodeDisk,
      link: async (from, to) => {
        if (to.startsWith(folder.commits)) await (await another()).look();
        await nodeDisk.link(from, to);
      },
    };
    const slow = await another(disk);
    expect(await commit(slow, { 1: { 1: { b: 1 } } })).toMatchObject({
      kind: 'committed',
      unpublished: null,
    });
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n`);
  });
});

describe('a writer that sleeps while its version is taken, pruned and free again', () => {
  it('finds out after its link, takes its record away and starts over', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    let asleep = false;
    const disk: Disk = {
      ...nodeDisk,
      create: async (path) => {
        // Staged, and about to write its record.
        if (path.startsWith(folder.commits) && !asleep) {
          asleep = true;
          for (let count = 2; count <= 53; count += 1) {
            await commit(store, { 0: { 1: { a: count } } });
          }
        }
        return nodeDisk.create(path);
      },
    };
    const sleeper = await another(disk);
    const change = await changeTo(sleeper, { 1: { 1: { b: 1 } } });
    const result = await sleeper.commit(await sleeper.look(), change, never);
    expect(asleep).toBe(true);
    expect(result.kind).toBe('conflict');
    expect(await readText(folder.output)).toBe(`${header}0,1,a,53\n`);
    const records = (await listFolder(folder.commits)).sort();
    expect(records.at(0)).toBe(`${'4'.padStart(20, '0')}.json`);
    expect(records).toHaveLength(50);
  });
});

describe('a look', () => {
  it('does not forgive a line that is cut off where no record tells what it was', async () => {
    const { folder, store } = await makePlace();
    const cut = `${header}0,1,a,1\n1,1,b`;
    await writeOutput(folder, cut);
    await expect(store.look()).rejects.toMatchObject({ slug: 'output-unreadable' });
    expect(await readText(folder.output)).toBe(cut);
  });

  it('sees marks of another process, though no byte of the output changed', async () => {
    const { store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    await store.look();
    await commit(await another(), {}, ['0']);
    const state = await store.look();
    expect(state.version).toBe(2);
    expect(state.ledger.get(day('0'))?.reprocess).toBe(true);
  });

  it('sees an edit that put size and time back', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const seconds = 1_700_000_000;
    await utimes(folder.output, seconds, seconds);
    const before = await store.look();
    // Longer than a tick of the file system's clock.
    await sleep(50);
    await writeFile(folder.output, `${header}0,1,a,7\n`);
    await utimes(folder.output, seconds, seconds);
    expect((await stat(folder.output)).size).toBe(before.sizeBytes);
    expect(summary(await store.look())).toMatchObject({ 0: { items: 7, trusted: false } });
  });
});

describe('the rows of a day', () => {
  it('are not read from another version than was looked at', async () => {
    const { store, another } = await makePlace();
    await commit(store, { 1: { 1: { b: 1 } } });
    const base = await store.look();
    await commit(await another(), { 0: { 1: { a: 5 } } });
    expect(await rowsOfDay(store, base, '1')).toBeNull();
    expect(await rowsOfDay(store, await store.look(), '1')).toMatchObject([{ items: 1 }]);
  });
});

/** The real disk, with one edit in place of the file at `path`, right after it was read for a copy. */
function meddlingAfterRead(path: string, edited: string): Disk {
  let reads = 0;
  return {
    ...nodeDisk,
    // Read by the look that verifies it first, then by the copy.
    open: async (opened) => {
      const file = await nodeDisk.open(opened);
      if (opened !== path) return file;
      reads += 1;
      if (reads !== 2) return file;
      const read: typeof file.read = async (buffer, position) => {
        const count = await file.read(buffer, position);
        await writeFile(path, edited);
        return count;
      };
      return { ...file, read };
    },
  };
}
