/** Records of other processes: what becomes of their runs is seen, whether they end, die or fall silent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { RunHistory } from '../../src/core/ports/run-history.js';
import { newRun } from '../../src/core/run-decisions.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import type { Run, RunOwner, StoredRun } from '../../src/model/run.js';
import { createRunFiles, type RunFilesOptions } from '../../src/output/run-files.js';
import { encodeRun } from '../../src/output/run-record.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { request } from '../core/plane.js';
import { systemError } from '../faults/faulty-disks.js';
import { createCountingDisk } from '../support/counting-disk.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';

async function makeRuns() {
  const folder = stateFolderOf(join(await makeTempDir(), 'processed', 'orders.csv'));
  const open = async (traits: Partial<RunFilesOptions> = {}) => {
    const history = createRunFiles({ folder, onUnreadable: () => {}, ...traits });
    await history.open();
    return history;
  };
  const first = await open();
  // Makes the folders.
  const own = stored(first.owner, { status: 'succeeded' });
  await first.save(own, true);
  await first.remove(own);
  const pathOf = ({ run }: StoredRun) => join(folder.runs, `${run.id}.json`);
  return {
    folder,
    open,
    owner: first.owner,
    pathOf,
    put: (each: StoredRun) => writeFile(pathOf(each), encodeRun(each)),
  };
}

function stored(owner: RunOwner, traits: Partial<Run> = {}, key: string | null = null): StoredRun {
  const binding = key === null ? null : { key, attempt: 1, request: request() };
  const run = { ...newRun(request(), binding), ...traits };
  return { run, keys: binding === null ? [] : [binding], owner };
}

/** Status by id, of what a look finds. */
async function seenBy(history: RunHistory): Promise<Record<string, string>> {
  const { found } = await history.look();
  return Object.fromEntries(found.map(({ run, knownBy }) => [run.id, `${run.status} ${knownBy}`]));
}

const elsewhere = (owner: RunOwner) => ({ ...owner, host: 'another-host pid:[1]' });

describe('the run of a process on this host', () => {
  it('is followed by its record, and read again only where that changed', async () => {
    const { open, owner, put } = await makeRuns();
    const { disk, counts } = createCountingDisk();
    const history = await open({ disk, restMs: 20 });
    const run = stored(owner, { status: 'running' });
    await put(run);
    expect(await seenBy(history)).toEqual({ [run.run.id]: 'running told' });
    await sleep(40);
    await history.look();
    counts.reset();
    expect(await history.look()).toEqual({ found: [], removed: [], failure: null });
    expect(counts).toMatchObject({ calls: ['identity', 'identity'], bytesRead: 0 });
    await put({ ...run, run: { ...run.run, status: 'succeeded' } });
    expect(await seenBy(history)).toEqual({ [run.run.id]: 'succeeded told' });
    await sleep(40);
    await history.look();
    counts.reset();
    expect(await history.look()).toEqual({ found: [], removed: [], failure: null });
    expect(counts).toMatchObject({ calls: ['identity'], bytesRead: 0 });
  });

  it('is over when the process is gone, with what its record said last', async () => {
    const { open, owner, put } = await makeRuns();
    const child = spawn('sleep', ['60']);
    const stat = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
    const startedAt = `${owner.startedAt.split('/')[0]}/${stat?.[19]}`;
    const by = { ...owner, pid: child.pid ?? 0, startedAt };
    const [working, done] = [stored(by, { status: 'running' }), stored(by, { status: 'running' })];
    for (const each of [working, done]) await put(each);
    const history = await open();
    await history.look();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await put({ ...done, run: { ...done.run, status: 'succeeded' } });
    expect(await seenBy(history)).toEqual({
      [working.run.id]: 'interrupted gone',
      [done.run.id]: 'succeeded told',
    });
    expect(await seenBy(history)).toEqual({});
  });

  it('is one only from its claim on, where it has a key', async () => {
    const { open, owner, put, pathOf, folder } = await makeRuns();
    const history = await open();
    const run = stored(owner, {}, 'k');
    await put(run);
    expect(await seenBy(history)).toEqual({});
    await history.claim({ key: 'k', attempt: 1, request: request(), runId: run.run.id }, true);
    expect(await seenBy(history)).toEqual({ [run.run.id]: 'queued told' });
    // Of a process that was killed before its claim nothing is left: the key is free.
    const unborn = stored({ ...owner, startedAt: 'another boot/1' }, {}, 'other');
    await put(unborn);
    expect(await seenBy(history)).toEqual({});
    expect(await readdir(folder.runs)).not.toContain(pathOf(unborn));
    await expect(readFile(pathOf(unborn))).rejects.toThrow('ENOENT');
  });

  it('is forgotten with its record', async () => {
    const { open, owner } = await makeRuns();
    const [one, other] = [await open(), await open()];
    const run = stored(owner, { status: 'succeeded' }, 'k');
    await one.save(run, true);
    await one.claim({ key: 'k', attempt: 1, request: request(), runId: run.run.id }, true);
    const kept = stored(owner, { status: 'failed' });
    await one.save(kept, false);
    expect(Object.keys(await seenBy(other)).sort()).toEqual([run.run.id, kept.run.id].sort());
    await one.remove(run);
    expect(await other.look()).toEqual({ found: [], removed: [run.run.id], failure: null });
    expect((await other.claimOf('k')).attempt).toBe(0);
  });
});

describe('the run of a process that cannot be seen from here', () => {
  const pace = { silenceMs: 150 };

  it('goes on for as long as there are signs of life, and again when they come back', async () => {
    const { open, owner, put, pathOf } = await makeRuns();
    const there = stored(elsewhere(owner), { status: 'running' });
    await put(there);
    const bytes = await readFile(pathOf(there));
    const [history, keeper] = [await open({ pace }), await open({ pace })];
    expect(await seenBy(history)).toEqual({ [there.run.id]: 'running told' });
    for (let beats = 0; beats < 6; beats += 1) {
      await sleep(50);
      await keeper.touch(there.run.id);
      expect(Object.values(await seenBy(history)).every((each) => each === 'running told')).toBe(
        true,
      );
    }
    await eventually(async () =>
      expect(await seenBy(history)).toEqual({ [there.run.id]: 'interrupted silent' }),
    );
    // It is not ours to write, and may be alive after all.
    expect(await readFile(pathOf(there))).toEqual(bytes);
    await sleep(160);
    await keeper.touch(there.run.id);
    expect(await seenBy(history)).toEqual({ [there.run.id]: 'running told' });
    await put({ ...there, run: { ...there.run, status: 'succeeded' } });
    expect(await seenBy(history)).toEqual({ [there.run.id]: 'succeeded told' });
  });

  it('is over at once where its record has not changed for an hour', async () => {
    const { open, owner, put, pathOf } = await makeRuns();
    const there = stored(elsewhere(owner), { status: 'running' });
    await put(there);
    const hourAgo = Date.now() / 1000 - 3_601;
    await utimes(pathOf(there), hourAgo, hourAgo);
    expect(await seenBy(await open())).toEqual({ [there.run.id]: 'interrupted silent' });
  });
});

describe('a record that is no run', () => {
  it('of a later format is left alone, and not told', async () => {
    const { open, folder, pathOf, owner } = await makeRuns();
    const told: string[] = [];
    const later = stored(owner);
    await writeFile(pathOf(later), '{"format":3,"run":"in a way to come"}');
    const history = await open({ onUnreadable: (path) => void told.push(path) });
    expect(await seenBy(history)).toEqual({});
    expect(told).toEqual([]);
    expect(await readdir(folder.runs)).toContain(`${later.run.id}.json`);
  });

  it('is set aside, and of those the newest hundred are kept', async () => {
    const { open, folder } = await makeRuns();
    const ids = Array.from({ length: 103 }, () => uuidv7());
    for (const id of ids) await writeFile(join(folder.runs, `${id}.json`), id);
    const history = await open();
    expect(await seenBy(history)).toEqual({});
    const kept = await readdir(join(folder.runs, 'unreadable'));
    expect(kept.sort()).toEqual(ids.slice(3).map((id) => `${id}.json`));
  });
});

it('a record that the disk would not give is read at the next look', async () => {
  const { open, owner, put } = await makeRuns();
  let isFailing = true;
  const disk: Disk = {
    ...nodeDisk,
    open: (path) => (isFailing ? Promise.reject(systemError('EIO', 'open')) : nodeDisk.open(path)),
  };
  const told: string[] = [];
  const history = await open({ disk, onUnreadable: (path) => void told.push(path) });
  const [ended, working] = [
    stored(owner, { status: 'succeeded' }),
    stored(owner, { status: 'running' }),
  ];
  await put(ended);
  expect(await history.look()).toMatchObject({ found: [], failure: { code: 'EIO' } });
  isFailing = false;
  await put(working);
  expect(await seenBy(history)).toEqual({
    [ended.run.id]: 'succeeded told',
    [working.run.id]: 'running told',
  });
  isFailing = true;
  await put({ ...working, run: { ...working.run, status: 'failed' } });
  expect(await history.look()).toMatchObject({ found: [], failure: { code: 'EIO' } });
  isFailing = false;
  expect(await seenBy(history)).toEqual({ [working.run.id]: 'failed told' });
  expect(told).toEqual([]);
});

it('word to cancel is taken once, and none is left of runs that are gone', async () => {
  const { open, folder, owner } = await makeRuns();
  const history = await open();
  const run = stored(owner, { status: 'running' });
  await history.save(run, true);
  expect(await history.takeCancel(run.run.id)).toBe(false);
  await (await open()).askToCancel(run.run.id);
  await history.askToCancel(run.run.id);
  expect(await history.takeCancel(run.run.id)).toBe(true);
  expect(await history.takeCancel(run.run.id)).toBe(false);
  const [gone, there] = [uuidv7(), run.run.id];
  for (const id of [gone, there]) await history.askToCancel(id);
  await open();
  const words = (await readdir(folder.runs)).filter((name) => name.endsWith('.cancel'));
  expect(words).toEqual([`${there}.cancel`]);
});
