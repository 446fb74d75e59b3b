import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEmbeddedCheckpoint } from '../../src/checkpoint/embedded.js';
import type { CheckpointStore } from '../../src/core/ports/checkpoint.js';
import { nodeDisk } from '../../src/disk/disk.js';
import { temporaryName } from '../../src/disk/temporaries.js';
import { replaceFile } from '../../src/disk/whole-files.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';
import { timed, unavailable, value, within } from './asking.js';

interface Place {
  readonly dir: string;
  readonly path: string;
  readonly store: CheckpointStore;
}

async function place(): Promise<Place> {
  const dir = await makeTempDir();
  const path = join(dir, 'checkpoint');
  const store = createEmbeddedCheckpoint({ path });
  onTestFinished(() => store.close());
  return { dir, path, store };
}

test('the file holds the bare value and a newline, and nothing else is left beside it', async () => {
  const { dir, path, store } = await place();
  await store.compareAndSet(null, '3', within());
  await store.compareAndSet('3', '4', within());
  expect(await readFile(path, 'utf8')).toBe('4\n');
  expect(await readdir(dir)).toEqual(['checkpoint']);
  await store.compareAndSet('4', null, within());
  expect(await readdir(dir)).toEqual([]);
});

test.each([
  ['without a newline', '3', '3'],
  ['with one', '3\n', '3'],
  ['with two, which is no day', '3\n\n', '3\n'],
  ['that is empty', '', ''],
])('reads a file %s', async (_, content, text) => {
  const { path, store } = await place();
  await writeFile(path, content);
  expect(await store.read(within())).toEqual(value(text));
  expect(await store.compareAndSet(text, '4', within())).toEqual({ status: 'stored' });
  expect(await readFile(path, 'utf8')).toBe('4\n');
});

test('reads no more than the beginning of a long file, and can replace it', async () => {
  const { path, store } = await place();
  await writeFile(path, '7'.repeat(1 << 20));
  const read = await store.read(within());
  expect(read).toEqual({ ...value('7'.repeat(4_096)), cutFromBytes: 1 << 20 });
  const text = read.status === 'value' ? read.text : '';
  expect(await store.compareAndSet(text, '4', within())).toEqual({ status: 'stored' });
  expect(await store.read(within())).toEqual(value('4'));
});

test('can replace a value that is no UTF-8', async () => {
  const { path, store } = await place();
  await writeFile(path, Buffer.from([0x33, 0xff, 0xfe]));
  const read = await store.read(within());
  const text = read.status === 'value' ? read.text : '';
  expect(await store.compareAndSet(text, '4', within())).toEqual({ status: 'stored' });
});

test('never touches a folder of that name', async () => {
  const { path, store } = await place();
  await mkdir(join(path, 'inside'), { recursive: true });
  const wrongType = { status: 'wrong-type', type: 'directory' };
  expect(await store.read(within())).toEqual(wrongType);
  expect(await store.compareAndSet(null, '3', within())).toEqual(wrongType);
  expect(await readdir(path)).toEqual(['inside']);
});

test('does not wait on a FIFO of that name', async () => {
  const { path, store } = await place();
  execFileSync('mkfifo', [path]);
  const wrongType = { status: 'wrong-type', type: 'special file' };
  const { result, tookMs } = await timed(() => store.read(within()));
  expect(result).toEqual(wrongType);
  expect(tookMs).toBeLessThan(1_000);
  expect(await store.compareAndSet(null, '3', within())).toEqual(wrongType);
});

test('a path that cannot be read or written is unavailable, with the reason', async () => {
  const { path } = await place();
  await writeFile(path, 'a file, not a folder');
  const store = createEmbeddedCheckpoint({ path: join(path, 'checkpoint') });
  onTestFinished(() => store.close());
  expect(await store.read(within())).toEqual({
    ...unavailable,
    reason: expect.stringContaining('ENOTDIR'),
  });
  expect(await store.compareAndSet(null, '3', within())).toEqual(unavailable);
});

test('a loop of links is unavailable', async () => {
  const { path, store } = await place();
  await symlink(path, path);
  expect(await store.read(within())).toEqual(unavailable);
});

test('a refused write is tried again until one is answered', async () => {
  const { dir } = await place();
  const folder = join(dir, 'state');
  await writeFile(folder, 'in the way');
  const store = createEmbeddedCheckpoint({ path: join(folder, 'checkpoint') });
  onTestFinished(() => store.close());
  let calls = 0;
  store.onRestored(() => {
    calls += 1;
  });
  expect(await store.compareAndSet(null, '3', within())).toEqual(unavailable);
  await eventually(() => expect(calls).toBeGreaterThan(0));
  await rm(folder);
  expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  expect(await store.read(within())).toEqual(value('3'));
});

test('a folder that is gone is made again', async () => {
  const { dir } = await place();
  const store = createEmbeddedCheckpoint({ path: join(dir, 'gone', 'checkpoint') });
  onTestFinished(() => store.close());
  for (const before of [null, '4']) {
    expect(await store.compareAndSet(before, '4', within())).toEqual({ status: 'stored' });
    expect(await readdir(join(dir, 'gone'))).toEqual(['checkpoint']);
    if (before === null) continue;
    await rm(join(dir, 'gone'), { recursive: true });
    expect(await store.compareAndSet(null, '5', within())).toEqual({ status: 'stored' });
  }
});

test('a failed write throws and leaves nothing behind', async () => {
  const { dir } = await place();
  const taken = join(dir, 'taken');
  await mkdir(join(taken, 'inside'), { recursive: true });
  const target = { folder: dir, path: taken, temporary: temporaryName(taken) };
  await expect(replaceFile(nodeDisk, target, Buffer.from('4'))).rejects.toThrow();
  expect(await readdir(dir)).toEqual(['taken']);
});
