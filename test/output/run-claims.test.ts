/** One key at several processes at once: every attempt is of one run, in whatever order they come to it. */
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import type { KeyClaim } from '../../src/model/run.js';
import { createRunClaims } from '../../src/output/run-claims.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { request } from '../core/plane.js';
import { quickDisk, systemError } from '../faults/faulty-disks.js';
import { interceptDisk } from '../faults/intercepted-disk.js';
import { makeTempDir } from '../support/temp-dir.js';

const key = 'nightly';
const claimOf = (attempt: number, runId = uuidv7()): KeyClaim => ({
  key,
  attempt,
  request: request(),
  runId,
});

async function makeFolder() {
  const folder = stateFolderOf(join(await makeTempDir(), 'processed', 'orders.csv'));
  const claims = (disk: Disk = quickDisk) => createRunClaims(disk, folder);
  const left = async () => {
    const [keyFolder = '', ...others] = await readdir(folder.keys);
    return [...(await readdir(join(folder.keys, keyFolder))), ...others].sort();
  };
  return { folder, claims, left, keyFolder: async () => (await readdir(folder.keys))[0] ?? '' };
}

describe('a claim', () => {
  it('is found by the next, with what was asked for, and stands alone', async () => {
    const { claims, left } = await makeFolder();
    const [first, second] = [claimOf(1), claimOf(2)];
    expect(await claims().newest(key)).toEqual({ attempt: 0, claim: null });
    expect(await claims().claim(first, true)).toBe(true);
    expect(await claims().claim(claimOf(1), true)).toBe(false);
    expect(await claims().newest(key)).toEqual({ attempt: 1, claim: first });
    expect(await claims().claim(second, false)).toBe(true);
    expect(await claims().claim(claimOf(1), true)).toBe(false);
    expect(await left()).toEqual(['2.json']);
    expect(await claims().newest(key)).toEqual({ attempt: 2, claim: second });
  });

  it('goes with its run, and no other does', async () => {
    const { folder, claims, left } = await makeFolder();
    const claim = claimOf(1);
    await claims().claim(claim, true);
    await claims().drop(key, uuidv7());
    expect(await left()).toEqual(['1.json']);
    await claims().drop(key, claim.runId);
    expect(await readdir(folder.keys)).toEqual([]);
    await claims().drop(key, claim.runId);
  });

  it('that cannot be read is of no run, and takes its attempt', async () => {
    const { folder, claims, keyFolder } = await makeFolder();
    await claims().claim(claimOf(4), true);
    await writeFile(join(folder.keys, await keyFolder(), '4.json'), '{"format":1,"attempt":4}');
    expect(await claims().newest(key)).toEqual({ attempt: 4, claim: null });
    expect(await claims().claim(claimOf(4), true)).toBe(false);
    expect(await claims().claim(claimOf(5), true)).toBe(true);
  });

  it('whose answer was lost was made; one that was not made is an error', async () => {
    const { claims } = await makeFolder();
    const lost: Disk = {
      ...quickDisk,
      link: async (from, to) => {
        await nodeDisk.link(from, to);
        throw systemError('EIO', 'link');
      },
    };
    expect(await claims(lost).claim(claimOf(1), true)).toBe(true);
    expect(await claims(lost).claim(claimOf(1), true)).toBe(false);
    const full: Disk = { ...quickDisk, link: () => Promise.reject(systemError('ENOSPC', 'link')) };
    await expect(claims(full).claim(claimOf(2), true)).rejects.toThrow('ENOSPC');
    expect((await claims().newest(key)).attempt).toBe(1);
  });

  it('that finds its name taken is refused, also where that one was pruned since', async () => {
    const { claims, left } = await makeFolder();
    const others = claims();
    const late: Disk = {
      ...quickDisk,
      link: async (from, to) => {
        await others.claim(claimOf(1), true);
        const taken = await nodeDisk.link(from, to).catch((error) => error);
        await others.claim(claimOf(2), true);
        throw taken;
      },
    };
    expect(await claims(late).claim(claimOf(1), true)).toBe(false);
    expect(await left()).toEqual(['2.json']);
  });

  it('of who slept until it was pruned is taken back', async () => {
    const { claims, left } = await makeFolder();
    const others = claims();
    const asleep: Disk = {
      ...quickDisk,
      link: async (from, to) => {
        for (const attempt of [1, 2]) await others.claim(claimOf(attempt), true);
        await nodeDisk.link(from, to);
      },
    };
    expect(await claims(asleep).claim(claimOf(1), true)).toBe(false);
    expect(await left()).toEqual(['2.json']);
  });
});

it('in any order of their steps, no attempt has two runs, and the last one stands', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, count) => {
      const { claims, left } = await makeFolder();
      const won: number[] = [];
      const { disk } = interceptDisk(quickDisk, async (operation, perform) => {
        await scheduler.schedule(Promise.resolve(), operation.name);
        return perform();
      });
      // Each does as a submission does: looks, claims the next attempt, and looks again where it lost.
      const submits = async () => {
        const mine = claims(disk);
        for (;;) {
          const { attempt } = await mine.newest(key);
          if (attempt >= 3) return;
          if (await mine.claim(claimOf(attempt + 1), false)) won.push(attempt + 1);
        }
      };
      await scheduler.waitFor(Promise.all(Array.from({ length: count }, submits)));
      // Who finds a later attempt right after its own was taken gives its own up.
      expect([...new Set(won)]).toEqual(won);
      expect(won).toContain(3);
      expect(await left()).toEqual(['3.json']);
    }),
    { numRuns: 150 },
  );
});

it('a file of a killed process is removed at the next start, and that of a live one stays', async () => {
  const { clearTemporaries, temporaryName } = await import('../../src/disk/temporaries.js');
  const folder = await makeTempDir();
  const mine = temporaryName(join(folder, 'a.json'));
  const [, tag = ''] = /\.json\.(.+)\.[0-9a-f-]{36}\.tmp$/.exec(mine) ?? [];
  const [pid, host, startedAt] = tag.split('-');
  const named = (...parts: (string | undefined)[]) =>
    join(folder, `a.json.${parts.join('-')}.${uuidv7()}.tmp`);
  const dead = [named(pid, host, '0'.repeat(12)), named('999999999', host, startedAt)];
  const young = [named(pid, '0'.repeat(12), startedAt), join(folder, 'a.json.4711.tmp')];
  const old = [named('1', '0'.repeat(12), startedAt), join(folder, 'b.json.4711.tmp')];
  const others = [mine, ...young, join(folder, 'a.json')];
  for (const path of [...dead, ...old, ...others]) await writeFile(path, '');
  for (const path of old) await utimes(path, 0, 0);
  await clearTemporaries(nodeDisk, folder);
  expect((await readdir(folder)).map((name) => join(folder, name)).sort()).toEqual(others.sort());
});
