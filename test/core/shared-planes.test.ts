/** Two control planes over one folder, as two processes have them: what they share, and where one cannot write. */
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryPace, RunHistory } from '../../src/core/ports/run-history.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { createRunFiles } from '../../src/output/run-files.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { systemError } from '../faults/faulty-disks.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane, queued, request } from './plane.js';

const keyed = (key: string) => ({ key, ifActive: 'queue' }) as const;

async function twoPlanes(pace: Partial<HistoryPace> = {}, disk: Disk = nodeDisk) {
  const root = await makeTempDir();
  const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
  const history = (on: Disk): RunHistory =>
    createRunFiles({ folder, disk: on, pace, onUnreadable: () => {} });
  const one = await makePlane(root, { history: history(disk) });
  return { one, other: await makePlane(root, { history: history(nodeDisk) }), folder };
}

describe('one key at two of them', () => {
  it('is one run, whether they ask at once or while it works', async () => {
    const { one, other } = await twoPlanes();
    await one.land('0');
    one.gate.close();
    other.gate.close();
    const planes = [one, other, one, other];
    const asked = planes.map(({ plane }) => plane.submit(request(), keyed('k')));
    const first = await Promise.all(asked);
    const again = await Promise.all(planes.map(({ plane }) => plane.submit(request(), keyed('k'))));
    const ids = new Set([...first, ...again].map(({ run }) => run.id));
    expect(ids.size).toBe(1);
    expect([...first, ...again].every(({ run }) => run.key === 'k' && run.attempt === 1)).toBe(
      true,
    );
    one.gate.open();
    other.gate.open();
    const [id = ''] = ids;
    expect(await one.ended(id)).toEqual(await other.ended(id));
    const replays = await Promise.all(
      planes.map(({ plane }) => plane.submit(request(), keyed('k'))),
    );
    expect(replays.map(({ replayed, run }) => [replayed, run.id])).toEqual(
      planes.map(() => [true, id]),
    );
  });

  it('that shares a run at one of them stays with it', async () => {
    const { one, other } = await twoPlanes();
    await one.land('0');
    one.gate.close();
    await one.plane.submit(request(), queued);
    await one.gate.reached();
    const { run: shared } = await one.plane.submit(request(), keyed('a'));
    expect((await one.plane.submit(request(), keyed('b'))).run.id).toBe(shared.id);
    expect(await other.plane.submit(request(), keyed('b'))).toMatchObject({
      replayed: false,
      run: { id: shared.id, key: 'b', attempt: 1, status: 'queued' },
    });
    expect(await other.plane.run('a')).toMatchObject({ id: shared.id, key: 'a' });
    // The other way round: what another has claimed is not shared here.
    other.gate.close();
    await one.land('1');
    const { run: theirs } = await other.plane.submit(request(), keyed('c'));
    expect((await one.plane.submit(request(), keyed('c'))).run.id).toBe(theirs.id);
    for (const { gate } of [one, other]) gate.open();
    await one.ended(shared.id);
    await other.ended(theirs.id);
  });

  it('goes on counting its attempts where its records are gone', async () => {
    const { one, other, folder } = await twoPlanes();
    await one.land('0', 'order_hour_of_day,milk\n8,many\n');
    const { id } = await one.finish({}, 'k');
    const { id: second, attempt } = await other.finish({}, 'k');
    expect(attempt).toBe(2);
    await one.finish();
    for (const each of [id, second]) await rm(join(folder.runs, `${each}.json`));
    await expect(other.plane.run(id)).rejects.toMatchObject({ slug: 'run-not-found' });
    expect((await one.finish({}, 'k')).attempt).toBe(3);
  });
});

it('a cancel, and signs of life, reach the owner and whoever watches it', async () => {
  const { one, other, folder } = await twoPlanes({ cancelMs: 20, touchMs: 60, followMs: 20 });
  await one.land('0');
  one.gate.close();
  const { run } = await one.plane.submit(request(), queued);
  await one.gate.reached();
  const { run: waiting } = await one.plane.submit(request({ select: 'all' }), queued);
  const stampsOf = () =>
    Promise.all(
      [run, waiting].map(async ({ id }) => {
        const { mtimeNs, ino } = (await nodeDisk.identity(join(folder.runs, `${id}.json`))) ?? {};
        return { mtimeNs, ino };
      }),
    );
  const before = await stampsOf();
  await eventually(async () => {
    for (const [index, now] of (await stampsOf()).entries()) {
      expect(now.ino).toBe(before[index]?.ino);
      expect(now.mtimeNs).not.toBe(before[index]?.mtimeNs);
    }
  });
  expect(await other.plane.cancel(waiting.id)).toMatchObject({ status: 'queued' });
  expect(await other.ended(waiting.id)).toMatchObject({ status: 'cancelled' });
  await other.plane.cancel(run.id);
  expect(await other.ended(run.id)).toMatchObject({ status: 'cancelled', commit: null });
  await expect(other.plane.cancel(run.id)).rejects.toMatchObject({ slug: 'run-ended' });
  expect((await readdir(folder.runs)).filter((name) => name.endsWith('.cancel'))).toEqual([]);
});

describe('where nothing more can be written to the history', () => {
  it.each([
    ['the record', 'create', /runs\/[^k]/],
    ['the claim', 'link', /keys/],
    ['anything', 'create', /runs/],
  ] as const)(
    '%s: the run does its work, and warns that its key is not shared',
    async (_, name, path) => {
      const full: Disk = {
        ...nodeDisk,
        [name]: async (...paths: [string, string]) => {
          if (path.test(paths.at(-1) ?? '')) throw systemError('ENOSPC', name);
          return (nodeDisk[name] as (...all: string[]) => Promise<unknown>)(...paths);
        },
      };
      const { one, folder } = await twoPlanes({}, full);
      await one.land('0');
      const warning = expect.stringContaining('could not be claimed');
      const run = await one.finish({}, 'k');
      expect(run).toMatchObject({ status: 'succeeded', commit: 1, warnings: [warning] });
      expect(await one.plane.run('k')).toEqual(run);
      expect(await one.plane.submit(request(), keyed('k'))).toMatchObject({ replayed: true });
      const idle = await one.finish({}, 'idle');
      expect(idle).toMatchObject({ status: 'succeeded', days: [], warnings: [warning] });
      expect(await readFile(folder.output, 'utf8')).toContain('0,8,milk,1');
    },
  );

  it('the history is away for a while: runs are known from memory, and found again', async () => {
    const { one, other, folder } = await twoPlanes();
    await one.land('0');
    const run = await one.finish({}, 'k');
    expect(await other.plane.run('k')).toEqual(run);
    await rename(folder.runs, `${folder.runs}-away`);
    expect(await one.plane.run(run.id)).toEqual(run);
    expect(await other.plane.run(run.id)).toEqual(run);
    await one.finish();
    await rm(folder.runs, { recursive: true });
    await rename(`${folder.runs}-away`, folder.runs);
    expect(await other.plane.run('k')).toEqual(run);
  });
});

it('an end that could not be written is written later, so that no one else waits for ever', async () => {
  let isFull = false;
  const disk: Disk = {
    ...nodeDisk,
    create: async (path, mode) => {
      if (isFull && path.includes('/runs/')) throw systemError('ENOSPC', 'create');
      return nodeDisk.create(path, mode);
    },
  };
  const { one, other } = await twoPlanes({ cancelMs: 20, followMs: 20 }, disk);
  await one.land('0');
  one.gate.close();
  const { run } = await one.plane.submit(request(), queued);
  await one.gate.reached();
  expect(await other.plane.run(run.id)).toMatchObject({ status: 'running' });
  isFull = true;
  one.gate.open();
  expect(await one.ended(run.id)).toMatchObject({ status: 'succeeded' });
  expect(await other.plane.run(run.id)).toMatchObject({ status: 'running' });
  isFull = false;
  expect(await other.ended(run.id)).toMatchObject({ status: 'succeeded' });
});

it('a run that was killed before its commit tells no day as added', async () => {
  const { one, other, folder } = await twoPlanes();
  await one.land('0');
  const done = await one.finish();
  const path = join(folder.runs, `${done.id}.json`);
  const record = JSON.parse(await readFile(path, 'utf8'));
  const killed = '0190a5a0-0000-7000-8000-000000000001';
  Object.assign(record.run, { id: killed, status: 'running', commit: null, finishedAt: null });
  Object.assign(record.owner, { pid: 2 ** 22, startedAt: 'before' });
  await writeFile(join(folder.runs, `${killed}.json`), JSON.stringify(record));
  expect(await other.plane.run(killed)).toMatchObject({
    status: 'interrupted',
    days: [{ day: '0', outcome: 'skipped', reason: 'the run was interrupted before its commit' }],
  });
  expect(JSON.parse(await readFile(join(folder.runs, `${killed}.json`), 'utf8')).run).toMatchObject(
    { status: 'interrupted', days: [{ outcome: 'skipped' }] },
  );
});

it('a run whose record is gone wakes who waits for it', async () => {
  const { one, other, folder } = await twoPlanes({ followMs: 20 });
  await one.land('0');
  const { id } = await one.finish();
  one.gate.close();
  const { run } = await one.plane.submit(request({ select: 'all' }), queued);
  await one.gate.reached();
  expect(await other.plane.run(run.id)).toMatchObject({ status: 'running' });
  const waiting = other.plane.wait(run.id, 60_000, new AbortController().signal);
  await rm(join(folder.runs, `${run.id}.json`));
  await expect(waiting).rejects.toMatchObject({ slug: 'run-not-found' });
  expect(await other.plane.run(id)).toMatchObject({ status: 'succeeded' });
  one.gate.open();
  await one.ended(run.id);
});
