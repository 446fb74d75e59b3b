import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newRun } from '../../src/core/run-decisions.js';
import { createRunFeed, type RunEvent, type RunFeed } from '../../src/core/run-feed.js';
import type { Day } from '../../src/model/day.js';
import type { RunProgress } from '../../src/model/progress.js';
import type { Run, RunDay, RunStatus } from '../../src/model/run.js';
import { eventually } from '../support/eventually.js';
import { makePlane, queued, request } from './plane.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const dayAt = (index: number) => ({ day: String(index) as Day, outcome: 'added' }) as RunDay;
const reached = (bytes: number): RunProgress => ({
  day: '0' as Day,
  days: { done: 0, total: 1 },
  bytes: { done: bytes, total: 1_000 },
  engine: null,
});

/** A run that a test moves, and its feed. */
function createSubject() {
  let run: Run = { ...newRun(request(), null), status: 'running' };
  let progress: RunProgress | null = null;
  const feed = createRunFeed({ run: () => run, progress: () => progress });
  const set = (patch: Partial<Run>) => {
    run = { ...run, ...patch };
    feed.changed();
  };
  return {
    feed,
    become: (status: RunStatus) => set({ status }),
    finishDay: () => set({ days: [...run.days, dayAt(run.days.length)] }),
    withDays: (count: number) => set({ days: Array.from({ length: count }, (_, n) => dayAt(n)) }),
    read: (bytes: number) => {
      progress = reached(bytes);
    },
  };
}

/** All that there is after `id`. */
function rest(feed: RunFeed, id: number | null): RunEvent[] {
  const events: RunEvent[] = [];
  for (let after = id; ; ) {
    const event = feed.next(after);
    if (event === null) return events;
    events.push(event);
    after = event.id;
    if (event.kind === 'state' && event.last) return events;
  }
}

/** What one who follows is told, from the first on. */
function told(feed: RunFeed): { readonly events: RunEvent[]; readonly leave: () => void } {
  const events = rest(feed, null);
  const leave = feed.follow(() => void events.push(...rest(feed, events.at(-1)?.id ?? null)));
  return { events, leave };
}

const inShort = (events: readonly RunEvent[]) =>
  events.map((event) =>
    event.kind === 'state'
      ? `${event.run.status} ${event.run.days.length}`
      : event.progress.bytes.done,
  );

describe('who follows a run', () => {
  it('is told at once of a change of status', () => {
    const subject = createSubject();
    const { events } = told(subject.feed);
    subject.become('succeeded');
    expect(inShort(events)).toEqual(['running 0', 'succeeded 0']);
    expect(events.map((event) => event.kind === 'state' && event.last)).toEqual([false, true]);
  });

  it('is told of days and bytes five times a second, and of nothing where nothing happens', () => {
    const subject = createSubject();
    const { events } = told(subject.feed);
    for (let moment = 1; moment <= 100; moment += 1) {
      subject.read(moment);
      subject.finishDay();
      vi.advanceTimersByTime(10);
    }
    expect(inShort(events).filter((each) => typeof each === 'number')).toEqual([
      20, 40, 60, 80, 100,
    ]);
    expect(inShort(events).filter((each) => typeof each === 'string')).toHaveLength(6);
    const count = events.length;
    vi.advanceTimersByTime(60_000);
    expect(events).toHaveLength(count);
  });

  it('is told of days the less often, the more there are', () => {
    const subject = createSubject();
    subject.withDays(5_000);
    const { events } = told(subject.feed);
    for (let second = 0; second < 10; second += 1) {
      subject.finishDay();
      vi.advanceTimersByTime(1_000);
    }
    expect(events.length).toBeLessThanOrEqual(3);
    subject.become('failed');
    expect(inShort(events).at(-1)).toBe('failed 5010');
  });

  it('is told the last progress before the last state', () => {
    const subject = createSubject();
    const { events } = told(subject.feed);
    subject.read(999);
    subject.read(1_000);
    subject.become('succeeded');
    expect(inShort(events)).toEqual(['running 0', 1_000, 'succeeded 0']);
  });

  it('finds the progress in the state too, and none in the last', () => {
    const subject = createSubject();
    subject.read(7);
    const { events } = told(subject.feed);
    subject.become('cancelled');
    const progress = events.map((event) => event.kind === 'state' && event.run.progress);
    expect(progress[0]).toEqual(reached(7));
    expect(progress.at(-1)).toBeNull();
  });

  it('has ids that only grow', () => {
    const subject = createSubject();
    const { events } = told(subject.feed);
    for (let moment = 1; moment <= 50; moment += 1) {
      subject.read(moment);
      if (moment % 7 === 0) subject.finishDay();
      vi.advanceTimersByTime(100);
    }
    subject.become('succeeded');
    const ids = events.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });
});

describe('who comes again', () => {
  it('is told only what is new, and of that the newest', () => {
    const subject = createSubject();
    const { events, leave } = told(subject.feed);
    const seen = events.at(-1)?.id ?? 0;
    leave();
    expect(rest(subject.feed, seen)).toEqual([]);
    for (let moment = 1; moment <= 10; moment += 1) {
      subject.read(moment);
      subject.finishDay();
      vi.advanceTimersByTime(1_000);
    }
    expect(inShort(rest(subject.feed, seen))).toEqual([10, 'running 10']);
    subject.become('succeeded');
    expect(inShort(rest(subject.feed, seen))).toEqual([10, 'succeeded 10']);
  });

  it('after the last event, is told nothing', () => {
    const subject = createSubject();
    const { events } = told(subject.feed);
    subject.become('succeeded');
    expect(subject.feed.next(events.at(-1)?.id ?? 0)).toBeNull();
  });

  it.each([0, 1, 1_600_000_000_000, 9_999_999_999_999])(
    'with an id that is not of this feed (%d), is told everything',
    (id) => {
      expect(inShort(rest(createSubject().feed, id))).toEqual(['running 0']);
    },
  );

  it('with an id of an earlier process, is told everything', () => {
    const before = createSubject();
    const { events } = told(before.feed);
    for (let moment = 1; moment <= 100; moment += 1) {
      before.read(moment);
      vi.advanceTimersByTime(200);
    }
    const after = createSubject();
    after.become('interrupted');
    expect(inShort(rest(after.feed, events.at(-1)?.id ?? 0))).toEqual(['interrupted 0']);
  });
});

describe('a feed', () => {
  it('has no timer but while someone follows a run that goes on', () => {
    const subject = createSubject();
    subject.finishDay();
    expect(vi.getTimerCount()).toBe(0);
    const [one, other] = [told(subject.feed), told(subject.feed)];
    expect(vi.getTimerCount()).toBe(1);
    one.leave();
    expect(vi.getTimerCount()).toBe(1);
    other.leave();
    expect(vi.getTimerCount()).toBe(0);
    told(subject.feed);
    subject.become('failed');
    expect(vi.getTimerCount()).toBe(0);
    told(subject.feed);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the feed of a real run', () => {
  it('tells each status, from the queue to the end', async () => {
    vi.useRealTimers();
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    gate.close();
    await plane.submit(request(), queued);
    await gate.reached();
    const { run } = await plane.submit(request({ select: 'all' }), queued);
    const { events, leave } = told(plane.feed(run.id));
    gate.open();
    await ended(run.id);
    leave();
    const statuses = events.flatMap((event) => (event.kind === 'state' ? event.run.status : []));
    expect([...new Set(statuses)]).toEqual(['queued', 'running', 'succeeded']);
    expect(events.at(-1)).toMatchObject({ kind: 'state', run: await plane.run(run.id) });
    expect(() => plane.feed('nobody')).toThrow('no run');
  });

  it('of another process tells what its record says, to the end', async () => {
    vi.useRealTimers();
    const { plane, gate, land, root, ended } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), queued);
    await gate.reached();
    const other = await makePlane(root);
    const { events, leave } = told(other.plane.feed(run.id));
    expect(events).toMatchObject([{ last: false, run: { status: 'running' } }]);
    gate.open();
    const end = await ended(run.id);
    expect(await other.ended(run.id)).toEqual(end);
    await eventually(() => expect(events.at(-1)).toMatchObject({ last: true, run: end }));
    leave();
  });
});
