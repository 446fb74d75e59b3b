import { describe, expect, it } from 'vitest';
import type { ControlPlaneOptions } from '../../src/core/create-control-plane.js';
import type { ReadyDay } from '../../src/core/day-status.js';
import type { DayAggregate, DayRejection, Engine, EngineJob } from '../../src/core/ports/engine.js';
import { createRunMeter } from '../../src/core/run-progress.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import type { Day } from '../../src/model/day.js';
import type { RunProgress } from '../../src/model/progress.js';
import { makePlane, queued, request } from './plane.js';

function dayOf(day: string, ...sizes: number[]): ReadyDay {
  const files = sizes.map((sizeBytes) => ({ sizeBytes }));
  return { day, raw: { files } } as unknown as ReadyDay;
}

describe('a meter', () => {
  const [first, second] = [dayOf('0', 10, 20), dayOf('1', 5)];

  it('has nothing to say before there is a plan', () => {
    expect(createRunMeter().progress()).toBeNull();
  });

  it('adds up days and bytes', () => {
    const meter = createRunMeter();
    meter.plan([first, second]);
    const count = meter.begin(first);
    count(4);
    count(8);
    expect(meter.progress()).toEqual({
      day: '0',
      days: { done: 0, total: 2 },
      bytes: { done: 12, total: 35 },
      engine: null,
    });
    meter.finish(first);
    expect(meter.progress()).toEqual({
      day: null,
      days: { done: 1, total: 2 },
      bytes: { done: 30, total: 35 },
      engine: null,
    });
  });

  it.each([
    ['more', 1_000],
    ['fewer', 1],
  ])('counts a day as planned where its files hold %s bytes', (_, read) => {
    const meter = createRunMeter();
    meter.plan([first, second]);
    meter.begin(first)(read);
    expect(meter.progress()?.bytes.done).toBeLessThanOrEqual(30);
    meter.finish(first);
    expect(meter.progress()?.bytes.done).toBe(30);
  });

  it('is not disturbed by an engine that counts on after its day', () => {
    const meter = createRunMeter();
    meter.plan([first, second]);
    const late = meter.begin(first);
    meter.finish(first);
    meter.begin(second)(1);
    late(3);
    expect(meter.progress()?.bytes.done).toBe(31);
  });

  it('begins again with a new plan', () => {
    const meter = createRunMeter();
    meter.plan([first]);
    meter.finish(first);
    meter.plan([first, second]);
    expect(meter.progress()).toMatchObject({ days: { done: 0, total: 2 } });
  });
});

type Aggregate = (
  job: EngineJob,
  inner: (job: EngineJob) => Promise<DayAggregate | DayRejection>,
) => Promise<DayAggregate | DayRejection>;

/** The reference engine, with something done around each day. */
function enginesWith(aggregate: Aggregate): Pick<ControlPlaneOptions, 'engines'> {
  const inner = createCsvEngine();
  const engine: Engine = { ...inner, aggregate: (job) => aggregate(job, inner.aggregate) };
  return { engines: new Map([['csv', engine]]) };
}

describe('the progress of a run', () => {
  it('is that of its days while it works, and gone when it has ended', async () => {
    const seen: (RunProgress | null)[] = [];
    const made = await makePlane(
      undefined,
      enginesWith(async (job, inner) => {
        const look = () => void seen.push(plane.activeRun()?.progress ?? null);
        look();
        const result = await inner(job);
        look();
        return result;
      }),
    );
    const { plane, land, finish } = made;
    for (const day of ['0', '1', '2']) await land(day);
    const run = await finish();
    expect(run).toMatchObject({ status: 'succeeded', progress: null });

    const dayBytes = run.days[0]?.bytes ?? 0;
    const at = (day: number, bytes: number) => ({
      day: String(day),
      days: { done: day, total: 3 },
      bytes: { done: bytes, total: 3 * dayBytes },
      engine: null,
    });
    expect(seen).toEqual(
      [0, 1, 2].flatMap((day) => [at(day, day * dayBytes), at(day, (day + 1) * dayBytes)]),
    );
  });

  it('ends at the total though days fail, or are skipped because one did', async () => {
    const { plane, gate, land, ended } = await makePlane();
    await land('0');
    await land('1', 'order_hour_of_day,milk\n8,many\n');
    await land('2');
    gate.close();
    const { run } = await plane.submit(request({ onDayFailure: 'stop' }), queued);
    const events: RunProgress[] = [];
    const feed = plane.feed(run.id);
    let after: number | null = null;
    const read = () => {
      for (let event = feed.next(after); event !== null; event = feed.next(after)) {
        after = event.id;
        if (event.kind === 'progress') events.push(event.progress);
      }
    };
    read();
    const unfollow = feed.follow(read);
    await gate.reached();
    gate.open();
    expect(await ended(run.id)).toMatchObject({
      status: 'failed',
      days: [{ outcome: 'added' }, { outcome: 'failed' }, { outcome: 'skipped' }],
    });
    unfollow();
    const { days, bytes, day } = events.at(-1) as RunProgress;
    expect({ days, day }).toEqual({ days: { done: 3, total: 3 }, day: null });
    expect(bytes.done).toBe(bytes.total);
  });

  it('is null while it is queued, and of one run alone', async () => {
    const { plane, gate, land } = await makePlane();
    await land('0');
    gate.close();
    const { run } = await plane.submit(request(), queued);
    const { run: next } = await plane.submit(request({ select: 'all' }), queued);
    await gate.reached();
    expect((await plane.run(run.id)).progress).toMatchObject({
      day: '0',
      days: { done: 0, total: 1 },
    });
    expect((await plane.run(next.id)).progress).toBeNull();
    const { runs } = await plane.runs({ statuses: null, limit: 2, after: null });
    expect(runs.map(({ progress }) => progress?.day ?? null)).toEqual([null, '0']);
  });

  it('is not kept in the history', async () => {
    const { plane, land, finish, root } = await makePlane();
    await land('0');
    const run = await finish();
    await plane.stop();
    const next = await makePlane(root);
    expect(await next.plane.run(run.id)).toEqual(run);
  });
});

describe.each([
  ['csv', createCsvEngine],
  ['scan', () => createScanEngine({ reference: readCsvFile })],
])('%s', (_, create) => {
  it('counts every byte of a day once', async () => {
    const engine = create();
    let counted = 0;
    const { land, finish, plane } = await makePlane(undefined, {
      engines: new Map([
        [
          'csv' as const,
          {
            ...engine,
            aggregate: (job: EngineJob) =>
              engine.aggregate({
                ...job,
                onBytes: (count) => {
                  counted += count;
                  job.onBytes?.(count);
                },
              }),
          },
        ],
      ]),
    });
    const rows = Array.from({ length: 60_000 }, (_, n) => `${n},${n % 24},${n % 9}\n`);
    await land('0', `order_id,order_hour_of_day,milk\n${rows.join('')}`);
    await land('1');
    const { days } = await finish();
    expect(counted).toBe(days.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(plane.lastRunOf('1' as Day)?.entry.outcome).toBe('added');
    await engine.close();
  });
});
