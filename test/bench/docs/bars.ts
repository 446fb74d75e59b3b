/** What was promised of the speed, beside what was measured. */
import { medianOf } from '../contest-rows.js';
import { duration, size, times } from '../figures.js';
import { httpNames, names } from '../names.js';
import type { AllMeasured, DayResult, GrowthOfSize, LargeResult } from '../results.js';
import type { Shape } from '../workloads/rows.js';
import { type Bar, notMeasured } from './bar.js';
import { typedColumnsBars } from './typed-columns.js';

const million = 1_000_000;

export function barsOf(all: AllMeasured): Bar[] {
  const { days, large, growth, http } = all;
  const day = (shape: Shape, orders: number) =>
    days.result.days.find((each) => each.shape === shape && each.orders === orders);
  return [
    ratioBar(day('sparse', million), {
      promise:
        'Over HTTP, a sparse day of 1,000,000 orders: 15 times faster than DuckDB’s query alone',
      slow: [names.duckDb, names.duckDbUnpivot],
      fast: names.http,
      atLeast: 15,
    }),
    ratioBar(day('dense', million), {
      promise: 'The same, dense: 4 times',
      slow: [names.duckDb, names.duckDbUnpivot],
      fast: names.http,
      atLeast: 4,
    }),
    ratioBar(day('sparse', 100_000), {
      promise:
        'Over HTTP, 100,000 orders: 50 times faster than the classic PySpark job, its start included',
      slow: [names.pyspark, names.pysparkUnpivot],
      fast: names.http,
      atLeast: 50,
    }),
    wcBar(day('sparse', million)),
    memoryBar(large.result),
    ...growth.result.sizes.map(growthBar),
    checkpointBar(http.result.subjects),
    ...typedColumnsBars(all),
  ];
}

interface RatioPromise {
  readonly promise: string;
  /** The fastest of these counts. */
  readonly slow: readonly string[];
  readonly fast: string;
  readonly atLeast: number;
}

function ratioBar(day: DayResult | undefined, promised: RatioPromise): Bar {
  const slow = fastestOf(day, promised.slow);
  const fast = medianOf(day, promised.fast);
  if (slow === null || fast === null) return notMeasured(promised.promise);
  const measured = `${times(slow / fast)} (${duration(fast)} to ${duration(slow)})`;
  return { promise: promised.promise, measured, met: slow / fast >= promised.atLeast };
}

function wcBar(day: DayResult | undefined): Bar {
  const promise =
    'The bare engine, the same sparse day: within 3 times of `wc -l`, its start taken off';
  const scan = medianOf(day, names.scan);
  const wc = day?.contestants.find(({ name }) => name === names.wc)?.job?.median ?? null;
  if (scan === null || wc === null) return notMeasured(promise);
  const measured = `${times(scan / wc)} (${duration(scan)} to ${duration(wc)})`;
  return { promise, measured, met: scan / wc <= 3 };
}

function memoryBar({ peakMemoryBytes, sizeBytes }: LargeResult): Bar {
  const promise = 'Peak memory of a day of 5 GB: under 250 MB';
  if (peakMemoryBytes === null || (sizeBytes ?? 0) < 4.9e9) return notMeasured(promise);
  return { promise, measured: size(peakMemoryBytes), met: peakMemoryBytes < 250e6 };
}

/** Against the limit: whoever wants to know whether old days changed has to look at them. */
function growthBar({ name, histories }: GrowthOfSize): Bar {
  const [first, last] = [histories[0], histories.at(-1)];
  const promise = `A one-day run at 3,650 ${name} days, less the copy of the output: at most that at 10, and 1.3 times the same \`lstat\`s in C on two threads`;
  if (first?.days !== 10 || last?.days !== 3_650 || last.plainStats === null) {
    return notMeasured(promise);
  }
  const subject = 'one-day run, less the copy';
  const [few, many] = [first.times[subject].median, last.times[subject].median];
  const limit = few + 1.3 * last.plainStats.median;
  const measured = `${duration(many)}, of at most ${duration(limit)} (${duration(few)} at 10 days, ${duration(last.plainStats.median)} in C)`;
  return { promise, measured, met: many <= limit };
}

function checkpointBar(subjects: AllMeasured['http']['result']['subjects']): Bar {
  const promise =
    '`GET /v1/checkpoint`: 60% of the throughput of a bare Fastify route with the same Redis call';
  const rate = (name: string) =>
    subjects.find((each) => each.name === name)?.requestsPerSecond.median;
  const share = (rate(httpNames.checkpoint) ?? 0) / (rate(httpNames.bareRedis) ?? Number.NaN);
  if (Number.isNaN(share)) return notMeasured(promise);
  return { promise, measured: `${Math.floor(share * 100)}%`, met: share >= 0.6 };
}

function fastestOf(day: DayResult | undefined, who: readonly string[]): number | null {
  const medians = who.map((name) => medianOf(day, name)).filter((median) => median !== null);
  return medians.length === 0 ? null : Math.min(...medians);
}
