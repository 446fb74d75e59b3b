/** How many runs work at once, of all datasets together. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRunSlots, givenUpWhile } from '../../src/core/run-slots.js';
import { eventually } from '../support/eventually.js';
import { startSeveral } from '../support/several.js';

describe('the places for runs', () => {
  it('go to those who wait longest, and to none that comes later', () => {
    const slots = createRunSlots(1);
    const given: string[] = [];
    const back: Record<string, () => void> = {};
    const wait = (name: string) =>
      slots.wait((giveBack) => {
        given.push(name);
        back[name] = giveBack;
      });
    const first = slots.take();
    expect(first).not.toBeNull();
    wait('a');
    wait('b');
    wait('c');
    expect(given).toEqual([]);
    first?.();
    expect(given).toEqual(['a']);
    // Given back twice, it is one place all the same.
    back['a']?.();
    back['a']?.();
    expect(given).toEqual(['a', 'b']);
    expect(slots.take()).toBeNull();
    back['b']?.();
    expect(given).toEqual(['a', 'b', 'c']);
    back['c']?.();
    expect(slots.take()).not.toBeNull();
    expect(slots.take()).toBeNull();
  });

  it('come back while the disks of their run hang', () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let isHanging = false;
    const shared = createRunSlots(1);
    const slots = givenUpWhile(() => isHanging, shared);
    const giveBack = slots.take();
    expect(giveBack).not.toBeNull();
    vi.advanceTimersByTime(5_000);
    expect(shared.take()).toBeNull();
    isHanging = true;
    vi.advanceTimersByTime(5_000);
    const other = shared.take();
    expect(other).not.toBeNull();
    // The run ends after all: its place is another's by now.
    giveBack?.();
    expect(shared.take()).toBeNull();
    other?.();
    expect(shared.take()).not.toBeNull();
  });

  it('are as many as there are', () => {
    const slots = createRunSlots(2);
    const [one, two] = [slots.take(), slots.take()];
    expect([one, two]).not.toContain(null);
    expect(slots.take()).toBeNull();
    two?.();
    expect(slots.take()).not.toBeNull();
  });
});

const names = ['orders', 'visits', 'trips'] as const;
const manyRows = `order_id,order_hour_of_day,milk\n${Array.from({ length: 60_000 }, (_, index) => `${index},8,"1"`).join('\n')}\n`;

it('a run beyond them waits as queued and says why; all come to their end', async () => {
  const service = await startSeveral({
    datasets: { orders: {}, visits: {}, trips: {} },
    settings: { MAX_ACTIVE_RUNS: '1', ENGINE: 'csv' },
    prepare: ({ land }) =>
      Promise.all(names.flatMap((name) => ['0', '1', '2'].map((day) => land(name, day, manyRows)))),
  });
  const { http } = service;
  const base = (name: string) => `/v1/datasets/${name}/runs`;
  const first = await http.post(base('orders')).send({}).expect(202);
  expect(first.body.status).toBe('running');
  const second = await http.post(base('visits')).send({}).expect(202);
  const third = await http.post(base('trips')).send({}).expect(202);
  for (const { body } of [second, third]) {
    expect(body.status).toBe('queued');
    expect(body.warnings).toEqual([
      expect.stringMatching(/^It waits for its turn: .* DAYMARK_MAX_ACTIVE_RUNS/),
    ]);
  }
  // One that waits can be cancelled, and its place in the line is free.
  await http.post(`${base('visits')}/${second.body.id}/cancel`).expect(200);

  const seen = new Set<string>();
  await eventually(async () => {
    const runs = await Promise.all(
      names.map(async (name) => (await http.get(base(name))).body.runs[0]),
    );
    const running = runs.filter(({ status }) => status === 'running');
    expect(running.length).toBeLessThanOrEqual(1);
    for (const { id } of running) seen.add(id);
    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'cancelled', 'succeeded']);
  }, 60_000);
  expect(seen.has(third.body.id)).toBe(true);
  const { body: ended } = await http.get(`${base('trips')}/${third.body.id}`).expect(200);
  expect(ended.warnings).toEqual([]);
  const { status } = await service.run('visits');
  expect(status).toBe(200);
}, 120_000);
