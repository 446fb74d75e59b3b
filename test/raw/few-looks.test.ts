/** How often the file system is asked: what is known to be as it was is not read again. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import type { RawStore } from '../../src/core/ports/raw.js';
import type { Day } from '../../src/model/day.js';
import type { PathTemplate } from '../../src/model/path-template.js';
import { plant, storeOf, type Tree, templateAt } from './raw-root.js';

const asked = vi.hoisted(() => ({ of: [] as string[] }));

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const counted = <Call extends (...args: never[]) => unknown>(name: string, call: Call) =>
    ((...args: Parameters<Call>) => {
      asked.of.push(`${name} ${args[0]}`);
      return call(...args);
    }) as Call;
  return {
    ...fs,
    lstat: counted('lstat', fs.lstat),
    stat: counted('stat', fs.stat),
    realpath: counted('realpath', fs.realpath),
    readdir: counted('readdir', fs.readdir),
    statfs: counted('statfs', fs.statfs),
  };
});

const restMs = 25;
const rested = () => sleep(restMs + 15);

afterEach(() => {
  asked.of = [];
});

/** What was asked since the last time, by paths below the root; in no order. */
function askedBelow(rawDir: string): string[] {
  const calls = asked.of.splice(0);
  return calls
    .map((call) => call.split(' ') as [string, string])
    .filter(([, path]) => path.startsWith(rawDir))
    .map(([name, path]) => `${name} ${relative(rawDir, path)}`.trim())
    .sort();
}

async function atRest(tree: Tree, template: (rawDir: string) => PathTemplate | null) {
  const rawDir = await plant(tree);
  const chosen = template(rawDir);
  const store = storeOf(rawDir, { restMs, ...(chosen && { template: chosen }) });
  await rested();
  asked.of = [];
  await store.list();
  return { rawDir, store, first: askedBelow(rawDir) };
}

const written = (below: string) => (rawDir: string) => templateAt(rawDir, below);

async function expectSilence(store: RawStore, rawDir: string): Promise<void> {
  const before = await store.list();
  expect(await store.list()).toBe(before);
  expect(askedBelow(rawDir)).toEqual([]);
}

const rootLook = ['realpath', 'lstat', 'statfs', 'readdir'];

test('of day folders', async () => {
  const tree: Tree = { '3/a.csv': 'a', '3/b.csv': 'b', '4': 'folder/', orders: '', _x: '' };
  const { rawDir, store, first } = await atRest(tree, () => null);
  expect(first).toEqual(
    [
      ...rootLook,
      ...['lstat 3', 'lstat 3', 'readdir 3', 'lstat 3/a.csv', 'lstat 3/b.csv'],
      ...['lstat 4', 'lstat 4', 'readdir 4', 'lstat orders'],
    ].sort(),
  );
  await expectSilence(store, rawDir);

  await writeFile(join(rawDir, '3/c.csv'), '');
  await store.list();
  expect(askedBelow(rawDir)).toEqual(
    ['lstat 3', 'readdir 3', 'lstat 3/a.csv', 'lstat 3/b.csv', 'lstat 3/c.csv'].sort(),
  );
  await rested();
  await store.list();
  asked.of = [];

  await mkdir(join(rawDir, '5'));
  await store.list();
  expect(askedBelow(rawDir)).toEqual(
    [...rootLook, 'lstat orders', 'lstat 5', 'lstat 5', 'readdir 5'].sort(),
  );
  await store.settle('4' as Day);
  expect(askedBelow(rawDir)).toEqual(['realpath', 'lstat 4', 'readdir 4'].sort());
});

test('of nested folders', async () => {
  const tree: Tree = { '2025/12/31/a.csv': 'a', '2026/01/01/a.csv': 'a', '2026/02/01/a.csv': 'a' };
  const { rawDir, store } = await atRest(tree, written('{day:yyyy/MM/dd}/*.csv'));
  await expectSilence(store, rawDir);
  expect(await store.hasSameEntries()).toBe(true);
  asked.of = [];

  await mkdir(join(rawDir, '2026/02/02'));
  expect(await store.hasSameEntries()).toBe(false);
  asked.of = [];
  expect([...(await store.list()).days.keys()]).toContain('2026-02-02');
  expect(askedBelow(rawDir)).toEqual(
    [
      ...['realpath', 'lstat', 'statfs'],
      ...['lstat 2026/02', 'readdir 2026/02'],
      ...['lstat 2026/02/02', 'lstat 2026/02/02', 'readdir 2026/02/02'],
    ].sort(),
  );
  await store.settle('2026-02-01' as Day);
  expect(askedBelow(rawDir)).toEqual(
    [
      ...['realpath', 'lstat 2026', 'lstat 2026/02', 'lstat 2026/02/01'],
      ...['readdir 2026/02/01', 'lstat 2026/02/01/a.csv'],
    ].sort(),
  );
});

test('of files side by side', async () => {
  const tree: Tree = { 'b_20261123.csv': 'a', 'b_20261124.csv': 'b', 'notes.txt': '' };
  const { rawDir, store, first } = await atRest(tree, written('b_{day:yyyyMMdd}*.csv'));
  expect(first).toEqual(
    [...rootLook, 'lstat b_20261123.csv', 'lstat b_20261124.csv', 'lstat notes.txt'].sort(),
  );
  await expectSilence(store, rawDir);

  await writeFile(join(rawDir, 'b_20261124_late.csv'), '');
  await store.list();
  expect(askedBelow(rawDir)).toEqual(
    [...rootLook, 'lstat b_20261124.csv', 'lstat b_20261124_late.csv', 'lstat notes.txt'].sort(),
  );
});
