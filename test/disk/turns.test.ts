/** Of the four threads that libuv makes by itself, no file system holds more than half, whoever asks it. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answererOf, knowPlace } from '../../src/disk/answerer.js';
import { hangIn, syncAllowedMs, waitFor } from '../../src/disk/waits.js';
import { canHang, hangMount } from '../support/hung-mount.js';
import { makeTempDir } from '../support/temp-dir.js';

/** A file system in memory, beside the disk that the temporary folders are on. */
async function makeElsewhere(): Promise<string> {
  const path = await mkdtemp('/dev/shm/daymark-test-');
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** Questions that are answered when the test says so. */
function createQuestions() {
  const begun: string[] = [];
  const answers = new Map<string, () => void>();
  const ended: Promise<void>[] = [];
  onTestFinished(async () => {
    for (;;) {
      const [next] = answers.keys();
      if (next === undefined) break;
      answer(next);
      await settled();
    }
    await Promise.all(ended);
  });
  const ask = (path: string, allowedMs?: number) => {
    const action = () =>
      new Promise<void>((resolve) => {
        begun.push(path);
        answers.set(path, resolve);
      });
    ended.push(waitFor(path, action, allowedMs));
  };
  const answer = (path: string) => {
    const resolve = answers.get(path);
    if (resolve === undefined) throw new Error(`${path} was not asked`);
    answers.delete(path);
    resolve();
  };
  return { begun, ask, answer };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const isLinux = process.platform === 'linux';

describe.runIf(isLinux)('turns', () => {
  it('one that has not answered lately is asked one thing, however many ask', async () => {
    const [root, { begun, ask, answer }] = [await makeTempDir(), createQuestions()];
    await new Promise((resolve) => setTimeout(resolve, 150));
    for (let index = 0; index < 20; index += 1) ask(join(root, `set-${index}`, 'day'));
    await settled();
    expect(begun).toEqual([join(root, 'set-0', 'day')]);
    // Its answer lets two others in, and each answer one.
    answer(join(root, 'set-0', 'day'));
    await settled();
    expect(begun).toHaveLength(3);
    answer(join(root, 'set-1', 'day'));
    await settled();
    expect(begun).toEqual([0, 1, 2, 3].map((index) => join(root, `set-${index}`, 'day')));
  });

  it('what may take long has one of its two threads, and looks the other', async () => {
    const [root, { begun, ask, answer }] = [await makeTempDir(), createQuestions()];
    ask(join(root, 'look'));
    await settled();
    answer(join(root, 'look'));
    await settled();
    for (const name of ['sync-1', 'sync-2', 'sync-3']) ask(join(root, name), syncAllowedMs);
    for (const name of ['look-1', 'look-2']) ask(join(root, name));
    await settled();
    expect(begun.slice(1)).toEqual([join(root, 'sync-1'), join(root, 'look-1')]);
    answer(join(root, 'look-1'));
    await settled();
    expect(begun.at(-1)).toBe(join(root, 'look-2'));
    // Looks that come one after the other keep no sync waiting.
    ask(join(root, 'look-3'));
    answer(join(root, 'sync-1'));
    await settled();
    expect(begun.slice(3)).toEqual([join(root, 'look-2'), join(root, 'sync-2')]);
  });

  it('two looks are all that one holds, also where something waits that may take long', async () => {
    const [root, { begun, ask, answer }] = [await makeTempDir(), createQuestions()];
    ask(join(root, 'first'));
    await settled();
    answer(join(root, 'first'));
    await settled();
    for (const name of ['look-1', 'look-2']) ask(join(root, name));
    ask(join(root, 'sync'), syncAllowedMs);
    await settled();
    expect(begun.slice(1)).toEqual([join(root, 'look-1'), join(root, 'look-2')]);
  });

  it('two that are silent leave a thread, and another is asked at once', async () => {
    const [root, { begun, ask, answer }] = [await makeTempDir(), createQuestions()];
    const elsewhere = await makeElsewhere();
    for (const at of [root, elsewhere]) {
      ask(join(at, 'first'));
      await settled();
      answer(join(at, 'first'));
      await settled();
    }
    for (const at of [root, elsewhere]) for (const name of ['a', 'b', 'c']) ask(join(at, name));
    await settled();
    const [, , ...now] = begun;
    expect(now).toEqual([join(root, 'a'), join(root, 'b'), join(elsewhere, 'a')]);
    expect(await waitFor('/proc/self', async () => 'asked')).toBe('asked');
  });

  it('one that waits behind others which are answered does not hang', async () => {
    const [root, { ask, answer }] = [await makeTempDir(), createQuestions()];
    for (const name of ['1', '2', '3', '4', '5']) ask(join(root, name));
    for (const name of ['1', '2', '3']) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(hangIn([root], 150)).toBeNull();
      answer(join(root, name));
      await settled();
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(hangIn([root], 150)).toContain('has not answered');
  });

  it('whoever answers is known behind links, and of a path that is not there', async () => {
    const [root, elsewhere] = [await makeTempDir(), await makeElsewhere()];
    await symlink(elsewhere, join(root, 'link'));
    await symlink('link/inner', join(root, 'far'));
    for (const name of ['link', 'far', 'nothing']) knowPlace(join(root, name));
    const [here, there] = [answererOf(root), answererOf(elsewhere)];
    expect(here).not.toEqual(there);
    expect(answererOf(join(root, 'link', '0', 'a.csv'))).toEqual(there);
    expect(answererOf(join(root, 'far', '0'))).toEqual(there);
    expect(answererOf(join(root, 'nothing', 'here'))).toEqual(here);
    expect(here.isRemote).toBe(false);
  });
});

describe.runIf(canHang && isLinux)('mounts that hang', () => {
  it('are known as such without being asked, and one that comes takes over its questions', async () => {
    const [root, { begun, ask }] = [await makeTempDir(), createQuestions()];
    const elsewhere = [await makeTempDir(), await makeTempDir()];
    await symlink(root, join(elsewhere[0] as string, 'link'));
    knowPlace(join(elsewhere[0] as string, 'link'));
    // Asked before the mount is there, and without an answer: it must not keep the disk of all others.
    for (const name of ['a', 'b']) ask(join(root, name));
    await settled();
    const hung = await hangMount(root);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = begun.length;
    ask(join(root, 'c'));
    for (const at of elsewhere) ask(join(at, 'x'));
    await settled();
    expect(begun.slice(before)).toEqual([join(elsewhere[0] as string, 'x')]);
    expect(answererOf(join(elsewhere[0] as string, 'link', 'day'))).toEqual(answererOf(root));
    expect(answererOf(root).isRemote).toBe(true);
    await hung.release();
  });

  it('leave the last thread to the disks of this machine', async () => {
    const { begun, ask } = createQuestions();
    const [root, points] = [await makeTempDir(), [] as string[]];
    for (let index = 0; index < 4; index += 1) points.push(await makeTempDir());
    for (const point of points) await hangMount(point);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const point of points) ask(join(point, 'a'));
    await settled();
    expect(begun).toHaveLength(3);
    ask(join(root, 'a'));
    await settled();
    expect(begun.at(-1)).toBe(join(root, 'a'));
  });
});
