import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createBreaker } from '../../src/checkpoint/breaker.js';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

/** A breaker whose probes end when, and as, the test says. */
function stage() {
  const asked: ((reason: string | null) => void)[] = [];
  const told: string[] = [];
  const breaker = createBreaker({
    probe: () => new Promise((resolve) => asked.push(resolve)),
    onOpen: (reason) => told.push(reason),
    onClosed: () => told.push('closed'),
  });
  const end = async (reason: string | null) => {
    asked.at(-1)?.(reason);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { breaker, asked, told, end };
}

test('probes ever more seldom, up to once a second, and one at a time', async () => {
  const { breaker, asked, end } = stage();
  breaker.open('gone');
  const gapsMs: number[] = [];
  for (let probe = 1; probe <= 7; probe += 1) {
    let waitedMs = 0;
    while (asked.length < probe) {
      await vi.advanceTimersByTimeAsync(10);
      waitedMs += 10;
    }
    gapsMs.push(waitedMs);
    await vi.advanceTimersByTimeAsync(5_000);
    breaker.hurry();
    expect(asked).toHaveLength(probe);
    await end('gone');
  }
  expect(gapsMs).toEqual([50, 100, 200, 400, 800, 1_000, 1_000]);
});

test('tells once that it opened, and again when the reason changes', async () => {
  const { breaker, told, end } = stage();
  breaker.open('gone');
  breaker.open('gone');
  await vi.advanceTimersByTimeAsync(50);
  await end('loading');
  expect(told).toEqual(['gone', 'loading']);
  expect(breaker.reason).toMatch(/^loading \(unavailable since 20.*Z\)$/);
});

test('closes when a probe succeeds, and opens anew with a first quick probe', async () => {
  const { breaker, asked, told, end } = stage();
  for (const round of [1, 2]) {
    breaker.open('gone');
    await vi.advanceTimersByTimeAsync(50);
    expect(asked).toHaveLength(round);
    await end(null);
    expect(breaker.reason).toBeNull();
  }
  expect(told).toEqual(['gone', 'closed', 'gone', 'closed']);
});

test('probes at once when hurried, but only while it is open', async () => {
  const { breaker, asked, end } = stage();
  breaker.hurry();
  expect(asked).toHaveLength(0);
  breaker.open('gone');
  breaker.hurry();
  expect(asked).toHaveLength(1);
  await end(null);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
});

test('does nothing more once it was stopped, whatever a probe finds', async () => {
  const { breaker, asked, told, end } = stage();
  breaker.open('gone');
  await vi.advanceTimersByTimeAsync(50);
  breaker.stop();
  await end(null);
  breaker.open('gone');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
  expect(told).toEqual(['gone']);
});
