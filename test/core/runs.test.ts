import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptRuns } from '../../src/core/run-entries.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import type { Day } from '../../src/model/day.js';
import { makePlane, queued, request } from './plane.js';

const attach = { key: null, ifActive: 'attach' } as const;
const reject = { key: null, ifActive: 'reject' } as const;
const keyed = (key: string) => ({ key, ifActive: 'queue' }) as const;
const days = (...names: string[]) => ({ select: 'days', days: names as Day[] }) as const;

describe('while a run is active', () => {
  it('equal requests share one follow-up run, which sees what landed before they were sent', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run: first } = await plane.submit(request(), queued);
    await gate.reached();
    await land('1');
    const followers = await Promise.all([1, 2, 3].map(() => plane.submit(request(), queued)));
    const ids = new Set(followers.map(({ run }) => run.id));
    expect(ids.size).toBe(1);
    expect(ids).not.toContain(first.id);
    gate.open();
    const last = await ended([...ids][0] ?? '');
    expect(last).toMatchObject({ status: 'succeeded', days: [{ day: '1', outcome: 'added' }] });
    expect(await plane.run(first.id)).toMatchObject({ days: [{ day: '0', outcome: 'added' }] });
  });

  it('attach answers with it, reject refuses', async () => {
    const { plane, gate, land } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), queued);
    await gate.reached();
    expect((await plane.submit(request({ select: 'new' }), attach)).run.id).toBe(run.id);
    await expect(plane.submit(request(), reject)).rejects.toMatchObject({
      slug: 'run-in-progress',
      extras: { runId: run.id },
    });
    await expect(plane.rewind(null)).rejects.toMatchObject({ slug: 'run-in-progress' });
  });

  it('attach waits behind a run that does not do what was asked, and says so', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run: dry } = await plane.submit(request({ dryRun: true }), queued);
    await gate.reached();
    const asked = { key: 'k', ifActive: 'attach' } as const;
    const first = await plane.submit(request(), asked);
    expect(first.run.id).not.toBe(dry.id);
    expect(first.warning).toContain(dry.id);
    // The run that waits looks at the world after this.
    await land('1');
    gate.open();
    await ended(dry.id);
    expect(await ended(first.run.id)).toMatchObject({
      status: 'succeeded',
      commit: 1,
      days: [{ day: '0' }, { day: '1' }],
    });
  });

  it('attach joins no run that looked before a day came, or changed', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), queued);
    await gate.reached();
    expect((await plane.submit(request(), attach)).run.id).toBe(run.id);
    await land('0', [[8, { milk: 2 }]]);
    expect((await plane.submit(request(), attach)).run.id).not.toBe(run.id);
    await land('1');
    const late = await plane.submit(request(), attach);
    expect(late.run.id).not.toBe(run.id);
    gate.open();
    await ended(late.run.id);
    expect((await plane.survey()).days.map(({ pending }) => pending)).toEqual([false, false]);
  });

  it('eight different requests may wait, and no ninth', async () => {
    const { plane, gate, land } = await makePlane();
    for (let day = 0; day < 10; day += 1) await land(String(day));
    gate.close();
    await plane.submit(request(), queued);
    await gate.reached();
    for (let day = 0; day < 8; day += 1) await plane.submit(request(days(String(day))), queued);
    await expect(plane.submit(request(days('9')), queued)).rejects.toMatchObject({
      slug: 'queue-full',
    });
    // One that is waited for already takes no place.
    await plane.submit(request(days('3')), queued);
  });

  it('no day is aggregated by two runs at once, and all of them end', async () => {
    const { plane, land, ended } = await makePlane();
    await land('0');
    const runs = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        plane.submit(request({ onDayFailure: index % 2 === 0 ? 'stop' : 'continue' }), queued),
      ),
    );
    const results = await Promise.all(runs.map(({ run }) => ended(run.id)));
    expect(results.every(({ status }) => status === 'succeeded')).toBe(true);
    expect(results.filter(({ commit }) => commit !== null).map(({ commit }) => commit)).toContain(
      1,
    );
    expect(new Set(results.filter(({ commit }) => commit !== null).map(({ id }) => id)).size).toBe(
      1,
    );
  });
});

describe('an idempotency key', () => {
  it('leads to the same run while that is active, and is replayed after it succeeded', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), keyed('dag/1'));
    await gate.reached();
    expect((await plane.submit(request(), keyed('dag/1'))).run.id).toBe(run.id);
    gate.open();
    await ended(run.id);
    const again = await plane.submit(request(), keyed('dag/1'));
    expect(again).toMatchObject({ replayed: true, run: { id: run.id, attempt: 1, key: 'dag/1' } });
    expect((await plane.run('dag/1')).id).toBe(run.id);
  });

  it('makes a new attempt when a day that it selects came since', async () => {
    const { plane, land, finish } = await makePlane();
    await land('0');
    const first = await finish({}, 'k');
    await land('1');
    const second = await finish({}, 'k');
    expect(second).toMatchObject({ attempt: 2, key: 'k', days: [{ day: '1', outcome: 'added' }] });
    expect(second.id).not.toBe(first.id);
    // A key that selects other days is not concerned.
    await finish(days('0'), 'only-0');
    await land('2');
    const replay = await plane.submit(request(days('0')), keyed('only-0'));
    expect(replay.replayed).toBe(true);
  });

  it('makes a new attempt after a failure and after a cancel', async () => {
    const { plane, gate, land, finish, ended } = await makePlane();
    await land('0', 'order_hour_of_day,milk\n8,many\n');
    expect(await finish({}, 'k')).toMatchObject({ status: 'failed', attempt: 1 });
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), keyed('k'));
    await gate.reached();
    await plane.cancel('k');
    expect(await ended(run.id)).toMatchObject({ status: 'cancelled', attempt: 2, commit: null });
    gate.open();
    expect(await finish({}, 'k')).toMatchObject({ status: 'succeeded', attempt: 3 });
  });

  it('refuses another body', async () => {
    const { plane, land, finish } = await makePlane();
    await land('0');
    await finish({}, 'k');
    await expect(plane.submit(request({ select: 'all' }), keyed('k'))).rejects.toMatchObject({
      slug: 'idempotency-mismatch',
    });
  });

  it('of a request that was attached to a run that does more is safe to send again', async () => {
    const { plane, gate, land, ended, root } = await makePlane();
    await land('0');
    await land('1');
    gate.close();
    const { run } = await plane.submit(request({ select: 'all' }), keyed('all'));
    await gate.reached();
    const asked = { key: 'k', ifActive: 'attach' } as const;
    const send = () => plane.submit(request(days('0')), asked);
    for (const sent of [await send(), await send()]) {
      expect(sent.run).toMatchObject({ id: run.id, key: 'k', attempt: 1 });
      expect(sent.run.request.select).toBe('all');
    }
    gate.open();
    await ended(run.id);
    expect(await send()).toMatchObject({ replayed: true, run: { id: run.id, key: 'k' } });
    await expect(plane.submit(request({ select: 'all' }), asked)).rejects.toMatchObject({
      slug: 'idempotency-mismatch',
    });
    await plane.stop();
    const next = await makePlane(root);
    const again = await next.plane.submit(request(days('0')), asked);
    expect(again).toMatchObject({ replayed: true, run: { id: run.id } });
  });

  it('cannot be the id of a run', async () => {
    const { plane, land, finish } = await makePlane();
    await land('0');
    const { id } = await finish({}, 'k');
    await expect(plane.submit(request(), keyed(id))).rejects.toMatchObject({
      slug: 'idempotency-mismatch',
      message: expect.stringMatching(/^[0-9a-f-]{36} is the id of a run/),
    });
    // Other UUIDs make good keys.
    const other = '0198c0de-7e57-7000-8000-000000000001';
    expect(await finish({}, other)).toMatchObject({ status: 'succeeded' });
  });

  it('leaves the engine to the configuration, which a restart may have changed', async () => {
    const csv = createCsvEngine();
    const engines = new Map(
      [csv, { ...csv, name: 'scan' as const }].map((each) => [each.name, each]),
    );
    const { plane, land, finish } = await makePlane(undefined, { engines });
    await land('0');
    const { id } = await finish({ engineAsked: false }, 'k');
    const later = request({ engine: 'scan', engineAsked: false });
    expect(await plane.submit(later, keyed('k'))).toMatchObject({ run: { id }, replayed: true });
    const asked = request({ engine: 'scan', engineAsked: true });
    await expect(plane.submit(asked, keyed('k'))).rejects.toMatchObject({
      slug: 'idempotency-mismatch',
    });
  });

  it('of a request that shares a run leads to it', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    await plane.submit(request(), queued);
    await gate.reached();
    await land('1');
    const a = await plane.submit(request(), keyed('a'));
    const b = await plane.submit(request(), keyed('b'));
    expect(a.run.id).toBe(b.run.id);
    expect([a.run.key, b.run.key, (await plane.run('a')).key, (await plane.run('b')).key]).toEqual([
      'a',
      'b',
      'a',
      'b',
    ]);
    gate.open();
    await ended(a.run.id);
    expect(await plane.run('b')).toMatchObject({ key: 'b', status: 'succeeded' });
  });

  it('survives a restart, with the history', async () => {
    const { plane, land, finish, root } = await makePlane();
    await land('0');
    const first = await finish({}, 'k');
    await plane.stop();
    const next = await makePlane(root);
    expect(await next.plane.run('k')).toEqual(first);
    expect(next.plane.lastRunOf('0' as Day)).toMatchObject({ runId: first.id });
    expect((await next.plane.submit(request(), keyed('k'))).replayed).toBe(true);
  });
});

describe('a run of which every day fails', () => {
  it('commits nothing, not even an output without rows', async () => {
    const { plane, land, finish } = await makePlane();
    await land('0', 'order_hour_of_day,milk\n8,many\n');
    expect(await finish()).toMatchObject({ status: 'failed', commit: null });
    expect(await plane.outputFile()).toBeNull();
  });
});

describe('the history', () => {
  it('keeps runs that did nothing, and dry runs, apart: they push no others out', async () => {
    const { plane, land, finish, folder, root } = await makePlane();
    await land('0');
    const { id } = await finish();
    const dry = await finish({ dryRun: true });
    const first = await finish({}, 'nothing to do');
    for (let count = 0; count < keptRuns - 1; count += 1) await finish();
    const records = (await readdir(folder.runs)).filter((name) => name.endsWith('.json'));
    expect(records).toHaveLength(1 + keptRuns);
    expect(records).toContain(`${id}.json`);
    expect(records).not.toContain(`${dry.id}.json`);
    const all = async (from: typeof plane) => {
      const { runs } = await from.runs({ statuses: null, limit: 2 * keptRuns, after: null });
      return runs.map((run) => run.id);
    };
    const next = await makePlane(root);
    expect(await all(next.plane)).toEqual(await all(plane));
    expect(await next.plane.run('nothing to do')).toEqual(first);
    // The next two push out the oldest of their kind, with its key.
    await finish();
    await finish();
    await expect(plane.run('nothing to do')).rejects.toMatchObject({ slug: 'run-not-found' });
    await expect(next.plane.run(first.id)).rejects.toMatchObject({ slug: 'run-not-found' });
    expect(await readdir(folder.keys)).toEqual([]);
    expect((await plane.run(id)).commit).toBe(1);
  });

  it('calls a run interrupted whose process is gone', async () => {
    const { plane, gate, land, root, folder } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), keyed('k'));
    await gate.reached();
    const path = join(folder.runs, `${run.id}.json`);
    const stored = JSON.parse(await readFile(path, 'utf8'));
    expect(stored.run.status).toBe('running');

    // While its process lives, another one leaves it alone.
    expect((await (await makePlane(root)).plane.run(run.id)).status).toBe('running');
    stored.owner.startedAt = 'an earlier boot/1';
    await writeFile(path, JSON.stringify(stored));
    const late = await makePlane(root);
    expect(await late.plane.run('k')).toMatchObject({ id: run.id, status: 'interrupted' });
    expect(await late.finish({}, 'k')).toMatchObject({ attempt: 2, status: 'succeeded' });
  });

  it('knows that a run had committed, though its process was gone before it could say so', async () => {
    const { plane, land, finish, root, folder } = await makePlane();
    await land('0');
    await land('1', 'order_hour_of_day,milk\n8,many\n');
    const { id } = await finish({}, 'k');
    await plane.stop();
    // The record as it stands between the commit point and the end of the run.
    const path = join(folder.runs, `${id}.json`);
    const stored = JSON.parse(await readFile(path, 'utf8'));
    Object.assign(stored.run, { status: 'running', commit: null, finishedAt: null });
    stored.owner.startedAt = 'an earlier boot/1';
    await writeFile(path, JSON.stringify(stored));

    const next = await makePlane(root);
    expect(await next.plane.run('k')).toMatchObject({
      id,
      status: 'failed',
      commit: 1,
      days: [{ outcome: 'added' }, { outcome: 'failed' }],
      warnings: [expect.stringContaining('stopped after the commit')],
    });
    expect(JSON.parse(await readFile(path, 'utf8')).run.status).toBe('failed');
  });

  it('is paged, newest first', async () => {
    const { plane, land, finish } = await makePlane();
    for (const day of ['0', '1', '2']) {
      await land(day);
      await finish();
    }
    const first = await plane.runs({ statuses: null, limit: 2, after: null });
    expect(first.runs.map((run) => run.days[0]?.day)).toEqual(['2', '1']);
    expect(first.more).toBe(true);
    const rest = await plane.runs({
      statuses: ['succeeded', 'cancelled'],
      limit: 2,
      after: first.runs[1]?.id ?? null,
    });
    expect(rest).toMatchObject({ runs: [{ days: [{ day: '0' }] }], more: false });
    expect((await plane.runs({ statuses: ['failed'], limit: 2, after: null })).runs).toEqual([]);
  });
});

describe('a stop', () => {
  it('interrupts what has not committed, and refuses what comes', async () => {
    const { plane, gate, land, root } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), queued);
    await gate.reached();
    await land('1');
    const { run: waiting } = await plane.submit(request(), queued);
    await plane.stop();
    expect(await plane.run(run.id)).toMatchObject({ status: 'interrupted', commit: null });
    expect((await plane.run(waiting.id)).status).toBe('interrupted');
    await expect(plane.submit(request(), queued)).rejects.toMatchObject({ slug: 'shutting-down' });
    const next = await makePlane(root);
    expect(await next.finish()).toMatchObject({ days: [{ day: '0' }, { day: '1' }] });
  });
});

describe('a cancel', () => {
  it('takes a waiting run out of the queue', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run: first } = await plane.submit(request(), queued);
    await gate.reached();
    const { run: second } = await plane.submit(request({ select: 'all' }), queued);
    expect((await plane.cancel(second.id)).status).toBe('cancelled');
    gate.open();
    expect((await ended(first.id)).status).toBe('succeeded');
    await expect(plane.cancel(first.id)).rejects.toMatchObject({ slug: 'run-ended' });
  });
});
