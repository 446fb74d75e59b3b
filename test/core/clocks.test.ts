/** The wall clock is put back while a run waits, works, or its process is gone. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSteadyClock } from '../../src/core/steady-clock.js';
import { makePlane, queued, request } from './plane.js';

const hourMs = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const putBack = () => vi.setSystemTime(Date.now() - hourMs);

describe('a clock that is put back', () => {
  it('gives no run a time before the one it follows, nor a wrong duration', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run: first } = await plane.submit(request(), queued);
    await gate.reached();
    const { run: second } = await plane.submit(request({ select: 'all' }), queued);
    const begunAt = performance.now();
    putBack();
    await new Promise((resolve) => setTimeout(resolve, 30));
    gate.open();
    for (const { id } of [first, second]) {
      const run = await ended(id);
      const [created, started, finished] = [run.createdAt, run.startedAt, run.finishedAt].map(
        (text) => Date.parse(text ?? ''),
      ) as [number, number, number];
      expect(run.status).toBe('succeeded');
      expect(started).toBeGreaterThanOrEqual(created);
      expect(finished - started).toBe(run.durationMs);
      expect(run.durationMs).toBeLessThan(hourMs / 2);
    }
    expect((await plane.run(first.id)).durationMs).toBeGreaterThanOrEqual(29);
    expect(performance.now() - begunAt).toBeGreaterThanOrEqual(29);
  });

  it('ends no interrupted run before its start', async () => {
    const { gate, land, plane, root, folder } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), queued);
    await gate.reached();
    const path = join(folder.runs, `${run.id}.json`);
    const stored = JSON.parse(await readFile(path, 'utf8'));
    stored.owner.startedAt = 'an earlier boot/1';
    await writeFile(path, JSON.stringify(stored));
    putBack();
    const { finishedAt, startedAt } = await (await makePlane(root)).plane.run(run.id);
    expect(Date.parse(finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(startedAt ?? ''));
  });

  it('is not heard by a clock that was started before', () => {
    const now = createSteadyClock();
    const before = now();
    putBack();
    expect(now()).toBeGreaterThanOrEqual(before);
    vi.setSystemTime(Date.now() + 48 * hourMs);
    expect(now() - before).toBeLessThan(hourMs);
  });
});
