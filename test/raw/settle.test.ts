import { chmod, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Day } from '../../src/model/day.js';
import { lookUntilSettled } from '../../src/raw/settle.js';
import { eventually } from '../support/eventually.js';
import { plant, storeOf } from './raw-root.js';

const day = '3' as Day;

/** How long ago the file changed when settling its day came to an end; never a question of luck. */
async function ageOnceSettled(rawDir: string, name: string): Promise<number> {
  await storeOf(rawDir).settle(day);
  const now = Date.now();
  return now - Math.floor((await stat(join(rawDir, '3', name))).ctimeMs);
}

describe('settling a day', () => {
  test('waits until its newest file is no longer fresh', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    await sleep(50);
    await writeFile(join(rawDir, '3/b.csv'), 'x');
    expect(await ageOnceSettled(rawDir, 'b.csv')).toBeGreaterThanOrEqual(20);
  });

  test('goes by the ctime: an old mtime does not hide a fresh file', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    await sleep(50);
    await utimes(join(rawDir, '3/a.csv'), 1, 1);
    expect(await ageOnceSettled(rawDir, 'a.csv')).toBeGreaterThanOrEqual(20);
  });

  test('tells every later write from what it saw', async () => {
    const rawDir = await plant({ '3/a.csv': 'aaaa' });
    const path = join(rawDir, '3/a.csv');
    for (let round = 0; round < 20; round += 1) {
      await writeFile(path, 'aaaa');
      const before = await storeOf(rawDir).settle(day);
      await writeFile(path, 'bbbb');
      await utimes(path, 1, 1);
      const after = await storeOf(rawDir).settle(day);
      expect(after?.identity).not.toBe(before?.identity);
    }
  });

  test('does not wait for ever for a file that never rests', async () => {
    const rawDir = await plant({ '3/a.csv': 'x' });
    const path = join(rawDir, '3/a.csv');
    let over = false;
    const restless = (async () => {
      for (let mode = 0; !over; mode += 1) await chmod(path, mode % 2 === 0 ? 0o600 : 0o644);
    })();
    const found = await storeOf(rawDir).settle(day);
    over = true;
    await restless;
    expect(found?.files).toHaveLength(1);
  });

  test('finds a day that went away meanwhile gone', async () => {
    // A look may also fall between: before the file goes, or when only its folder is left.
    await eventually(async () => {
      const rawDir = await plant({ '3/a.csv': 'x' });
      const settling = storeOf(rawDir).settle(day);
      await rm(join(rawDir, '3'), { recursive: true });
      expect(await settling).toBeNull();
    });
  });

  test.each([{}, { '3': 'a plain file' }, { '3': { link: '..' } }])(
    'finds none in %o',
    async (tree) => {
      expect(await storeOf(await plant(tree)).settle(day)).toBeNull();
    },
  );
});

test('looks eleven times at most', async () => {
  let looks = 0;
  const nothing = { files: [], refused: [], unread: [], fingerprint: [], identity: '' };
  const raw = { day, ready: true, complete: false, waitsFor: null, ...nothing };
  const found = await lookUntilSettled(async () => {
    looks += 1;
    return { raw, sources: [], newestCtimeMs: Date.now(), steady: null };
  });
  expect(found?.raw).toBe(raw);
  expect(looks).toBe(11);
});
