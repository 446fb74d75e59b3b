/** A cancel that comes at any moment of a run: it either wins, and nothing is committed, or is refused. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../../src/disk/disk.js';
import { nodeDisk } from '../../src/disk/disk.js';
import type { ProblemError } from '../../src/model/problems.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { createRunFiles } from '../../src/output/run-files.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { describeOperation, interceptDisk, type Operation } from '../faults/intercepted-disk.js';
import { shape } from '../support/counted.js';
import { eventually } from '../support/eventually.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane, queued, request } from './plane.js';

/** What is called before each operation of the disk under the output and the run history. */
let before: (operation: Operation) => Promise<void> = async () => {};

const pace = { cancelMs: 20 };

async function makeIntercepted(disk: Disk = nodeDisk) {
  before = async () => {};
  const root = await makeTempDir();
  const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
  const intercepted = interceptDisk(disk, async (operation, perform) => {
    await before(operation);
    return perform();
  }).disk;
  return makePlane(root, {
    output: createOutputStore({ folder, shape, disk: intercepted }),
    history: createRunFiles({ folder, disk: intercepted, pace, onUnreadable: () => {} }),
  });
}

const isWord = (name: string) => name.endsWith('.cancel');

type Plane = Awaited<ReturnType<typeof makeIntercepted>>['plane'];

/** Of the only run that is queued or running. */
async function cancelActive(plane: Plane): Promise<'granted' | 'refused' | null> {
  const { runs } = await plane.runs({ statuses: ['queued', 'running'], limit: 1, after: null });
  const [run] = runs;
  if (run === undefined) return null;
  try {
    await plane.cancel(run.id);
    return 'granted';
  } catch (error) {
    expect((error as ProblemError).slug).toBe('run-ended');
    return 'refused';
  }
}

describe('a cancel before any operation of a run', () => {
  it.each([
    ['that commits', false],
    ['that tells only what it would change', true],
  ])('%s is granted and ends it, or is refused and changes nothing', async (_, dryRun) => {
    const { plane, land, ended, folder } = await makeIntercepted();
    await land('0');
    await ended((await plane.submit(request(), queued)).run.id);
    const answers: string[] = [];
    for (let at = 0; ; at += 1) {
      const output = await readFile(folder.output, 'utf8');
      await land('0', [[8, { milk: at + 2 }]]);
      let count = 0;
      let answer: 'granted' | 'refused' | null = null;
      let place = '';
      before = async (operation) => {
        // The looks of the submission come before there is a run.
        if (plane.activeRun() === null && count === 0) return;
        if (count++ !== at) return;
        place = describeOperation(operation);
        answer = await cancelActive(plane);
      };
      const { run } = await plane.submit(request({ dryRun }), queued);
      const last = await ended(run.id);
      before = async () => {};
      if (place === '' || answer === null) break;
      answers.push(answer);
      const text = await readFile(folder.output, 'utf8');
      const seen = { place, status: last.status, committed: last.commit !== null };
      if (answer === 'granted') {
        expect(seen).toEqual({ place, status: 'cancelled', committed: false });
        expect(text).toBe(output);
      } else {
        expect(seen).toEqual({ place, status: 'succeeded', committed: !dryRun });
      }
    }
    // What a busy machine does in another order is another operation; a dry run touches no disk once it is too late.
    expect(answers).toContain('granted');
    if (!dryRun) expect(answers).toContain('refused');
  });

  it('is granted until the link that commits, and refused from there', async () => {
    const { plane, land, ended } = await makeIntercepted();
    await land('0');
    const answers: (string | null)[] = [];
    before = async ({ name, to }) => {
      if (name === 'link' && to?.includes('/commits/')) answers.push(await cancelActive(plane));
    };
    const { run } = await plane.submit(request(), queued);
    expect(await ended(run.id)).toMatchObject({ status: 'succeeded', commit: 1 });
    expect(answers).toEqual(['refused']);
  });
});

describe('a cancel between admission and begin', () => {
  it.each([
    ['with work', true],
    ['with nothing to do', false],
  ])('of a run %s is not lost', async (_, hasWork) => {
    const { plane, land, finish } = await makeIntercepted();
    await land('0');
    await finish();
    if (hasWork) await land('1');
    const submitted = plane.submit(request(), queued);
    let answer: string | null = null;
    // In each turn of the event loop, until there is a run.
    while (answer === null) {
      await new Promise((resolve) => setImmediate(resolve));
      const { runs } = await plane.runs({ statuses: null, limit: 9, after: null });
      answer = await cancelActive(plane);
      if (answer === null && runs.length > 1) break;
    }
    const { run } = await submitted;
    const last = await plane.wait(run.id, 20_000, new AbortController().signal);
    if (answer === 'granted') expect(last).toMatchObject({ status: 'cancelled', commit: null });
    else expect(last.status).toBe('succeeded');
    if (hasWork) expect(answer).toBe('granted');
  });

  it('is granted while the record of the run is written', async () => {
    const { plane, land, ended } = await makeIntercepted();
    await land('0');
    let answer: string | null = null;
    before = async ({ name, path }) => {
      if (name === 'create' && path.includes('/runs/')) answer ??= await cancelActive(plane);
    };
    const { run } = await plane.submit(request(), queued);
    expect(answer).toBe('granted');
    expect(await ended(run.id)).toMatchObject({ status: 'cancelled', commit: null, days: [] });
    expect(await plane.outputFile()).toBeNull();
  });
});

describe('a run that another process works on', () => {
  it('ends by its own gate: a cancel that finds it at its commit point changes nothing', async () => {
    const { plane, land, root, ended, folder } = await makeIntercepted();
    await land('0');
    const other = await makePlane(root);
    const word = () => readdir(folder.runs).then((names) => names.some(isWord));
    let isAsked = false;
    before = async ({ name, to }) => {
      if (name !== 'link' || !to?.includes('/commits/') || isAsked) return;
      isAsked = true;
      const [run] = (await other.plane.runs({ statuses: ['running'], limit: 1, after: null })).runs;
      expect(await other.plane.cancel(run?.id ?? '')).toMatchObject({ status: 'running' });
      // Until the owner has found it.
      await eventually(async () => expect(await word()).toBe(false));
    };
    const { run } = await plane.submit(request(), queued);
    expect(await ended(run.id)).toMatchObject({ status: 'succeeded', commit: 1 });
    expect(isAsked).toBe(true);
    expect(await other.plane.run(run.id)).toMatchObject({ status: 'succeeded', commit: 1 });
  });
});

describe('a stop', () => {
  it('at the commit point waits for the commit', async () => {
    const { plane, land } = await makeIntercepted();
    await land('0');
    let stopped: Promise<void> | null = null;
    before = async ({ name, to }) => {
      if (name === 'link' && to?.includes('/commits/')) stopped ??= plane.stop();
    };
    const { run } = await plane.submit(request(), queued);
    await plane.wait(run.id, 20_000, new AbortController().signal);
    expect(stopped).not.toBeNull();
    await stopped;
    expect(await plane.run(run.id)).toMatchObject({ status: 'succeeded', commit: 1 });
  });

  it('at the commit point of an outcome that stays unknown is not told as one before it', async () => {
    const { plane, land } = await makeIntercepted();
    await land('0');
    let stopped: Promise<void> | null = null;
    before = async ({ name, to, path }) => {
      if (name === 'link' && to?.includes('/commits/')) {
        stopped ??= plane.stop();
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      }
      if (stopped !== null && path.includes('/commits/')) {
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      }
    };
    const { run } = await plane.submit(request(), queued);
    const last = await plane.wait(run.id, 20_000, new AbortController().signal);
    before = async () => {};
    await stopped;
    expect(last).toMatchObject({
      status: 'failed',
      error: {
        slug: 'output-unavailable',
        detail: expect.stringContaining('could not be found out'),
      },
    });
    expect(JSON.stringify(last)).not.toContain('before its commit');
  });

  it('that came while a commit was lost to another writer ends the run where it would start over', async () => {
    const { plane, land, root } = await makeIntercepted();
    const other = await makePlane(root);
    await land('0');
    let stopped: Promise<void> | null = null;
    before = async ({ name, to }) => {
      if (name !== 'link' || !to?.includes('/commits/') || stopped !== null) return;
      stopped = plane.stop();
      await other.finish();
    };
    const { run } = await plane.submit(request(), queued);
    await plane.wait(run.id, 20_000, new AbortController().signal);
    await stopped;
    expect(await plane.run(run.id)).toMatchObject({ status: 'interrupted', commit: null });
  });
});
