/** The service with Spark behind it, over HTTP: good days, hostile days, and what goes wrong on a cluster. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { badDays } from '../faults/bad-input-corpus.js';
import { soak } from '../faults/soak.js';
import { eventually } from '../support/eventually.js';
import { copyRealOrders, hasRealOrders, realOrdersExpected } from '../support/real-orders.js';
import { outputHeader, statesOf } from '../support/service.js';
import { type ClusterPlace, startWorker } from './support/cluster.js';
import {
  expectNothingLeft,
  inGroupOf,
  landLargeDay,
  processesWith,
  startSparkService,
  untilWorking,
} from './support/spark-service.js';
import { describeSpark } from './support/subject.js';

describeSpark('a service with Spark', () => {
  test('a day of many orders gives the same bytes by scan, csv and spark', async () => {
    const orders = soak ? 1_000_000 : 300_000;
    // The one day that is worth optimising for.
    const conf = { 'spark.executor.extraJavaOptions': '-XX:+UseSerialGC' };
    const service = await startSparkService({ conf });
    await landLargeDay(service, '0', orders);
    const bytes: string[] = [];
    const times: Record<string, number> = {};
    for (const engine of ['spark', 'scan', 'csv']) {
      const { body } = await service.run({ select: 'all', engine });
      const done = body.status === undefined || body.status === 'running';
      const run = done ? await ended(service, body.id) : body;
      expect(run).toMatchObject({ status: 'succeeded', days: [{ records: orders, engine }] });
      times[engine] = run.durationMs;
      bytes.push(await service.output());
    }
    process.stdout.write(`A day of ${orders} orders, in ms: ${JSON.stringify(times)}.\n`);
    expect(new Set(bytes).size).toBe(1);
    expect(bytes[0]?.split('\n').length).toBeGreaterThan(1_000);
    await expectNothingLeft(service);
  });

  test('hostile days fail by themselves, to the line and column; the others are committed', async () => {
    const service = await startSparkService();
    for (const [index, bad] of badDays.entries()) {
      const folder = join(service.rawDir, String(2 * index));
      await mkdir(folder, { recursive: true });
      await bad.plant(folder);
    }
    await service.land('1', [[5, { x: 1 }]]);
    const { status, body } = await service.run();
    const run = status === 202 ? await ended(service, body.id) : body.run;
    const errors = new Map(run.days.map((day: { day: string }) => [day.day, day]));
    for (const [index, { what, code, problems }] of badDays.entries()) {
      expect(errors.get(String(2 * index)), what).toMatchObject({
        outcome: 'failed',
        engine: 'spark',
        error: { code, problems, problemCount: problems.length },
      });
    }
    expect(await service.output()).toBe(`${outputHeader}1,5,x,1\n`);
    await expectNothingLeft(service);
  });

  test('without reading again here, Spark’s own examples are told', async () => {
    const service = await startSparkService({ settings: { SPARK_EXPLAIN_UP_TO_BYTES: '0' } });
    const h = 'order_hour_of_day';
    await service.land('1', `order_dow,${h},x,y\n1,5,1,2\n`);
    await service.land('2', `order_dow,${h},x,y\n2,5,1.5,2\n3,77,1,9007199254740992\n\n2,1\n`);
    await service.land('3', `note,${h},x\n"two\nlines",5,1\n`);
    await service.land('4', `"${h}\n",x\n`);
    const { body } = await service.run();
    const [good, bad, unusual, header] = body.run.days;
    expect(good).toMatchObject({ outcome: 'added', records: 1 });
    const at = (column: string, value: string) =>
      expect.objectContaining({ line: null, column, value });
    expect(bad.error.problemCount).toBe(5);
    expect(bad.error.problems).toEqual(
      expect.arrayContaining([
        at('x', '1.5'),
        at('order_dow', '3'),
        at(h, '77'),
        at('y', '9007199254740992'),
        expect.objectContaining({ message: '1 rows with another number of cells than the header' }),
      ]),
    );
    expect(unusual.error.problems[0].message).toMatch(/quotes that are not closed.*engine scan/s);
    expect(header.error.problems[0].message).toMatch(/its header is faulty, or goes over several/);
    await expectNothingLeft(service);
  });

  test('auto leaves small runs to scan and gives large ones to Spark, and says why', async () => {
    const service = await startSparkService({
      settings: { ENGINE: 'auto', SPARK_FROM_BYTES: '100' },
    });
    await service.land('0', [[5, { x: 1 }]]);
    const small = (await service.run()).body;
    expect(small).toMatchObject({ engine: 'auto', days: [{ engine: 'scan', outcome: 'added' }] });
    expect(small.engineReason).toMatch(
      /^auto chose scan: 1 day with 35 bytes, fewer than the 100 /,
    );
    await service.land(
      '1',
      Array.from({ length: 40 }, () => [5, { x: 1 }] as const),
    );
    const large = (await service.run()).body;
    expect(large).toMatchObject({ days: [{ day: '1', engine: 'spark', outcome: 'added' }] });
    expect(large.engineReason).toMatch(
      /^auto chose spark: 1 day with \d+ bytes, at least the 100 /,
    );
  });

  test.skipIf(!hasRealOrders)('real orders come out as a full recomputation has them', async () => {
    const service = await startSparkService();
    await copyRealOrders(service.rawDir);
    expect((await service.run()).body).toMatchObject({ status: 'succeeded' });
    const lines = (text: string) => text.trimEnd().split(/\r?\n/).sort();
    expect(lines(await service.output())).toEqual(
      lines(await readFile(realOrdersExpected, 'utf8')),
    );
  });
});

describeSpark('what goes wrong on a cluster', () => {
  test('a run that is cancelled takes its application with it', async () => {
    const service = await startSparkService();
    await landLargeDay(service, '0', 1_000_000);
    const { body } = await service.call('POST', '/v1/runs');
    await untilWorking(service, body.id);
    await service.call('POST', `/v1/runs/${body.id}/cancel`);
    expect(await ended(service, body.id)).toMatchObject({ status: 'cancelled', commit: null });
    expect(await processesWith(service.root)).toEqual([]);
    await expectNothingLeft(service);
    expect(await statesOf(service)).toEqual({ '0': 'new' });
  });

  test('a worker that is lost in the middle costs time, and nothing else', async () => {
    const service = await startSparkService({ conf: { 'spark.cores.max': '3' } });
    const worker = await startWorker(inject('cluster') as ClusterPlace);
    onTestFinished(worker.kill);
    await landLargeDay(service, '0', 400_000);
    const { body } = await service.call('POST', '/v1/runs');
    const { application } = await untilWorking(service, body.id);
    await eventually(async () => {
      expect(await inGroupOf(worker.pid, await processesWith(application))).toHaveLength(1);
    }, 60_000);
    await worker.kill();
    expect((await service.get(`/v1/runs/${body.id}`)).body.status).toBe('running');
    expect(await ended(service, body.id)).toMatchObject({
      status: 'succeeded',
      days: [{ engine: 'spark', outcome: 'added', records: 400_000 }],
    });
    const bySpark = await service.output();
    await service.run({ select: 'all', engine: 'scan' });
    expect(await service.output()).toBe(bySpark);
    await expectNothingLeft(service);
  });

  test('a driver that is killed fails the run, and its day stays pending', async () => {
    const service = await startSparkService();
    await landLargeDay(service, '0', 400_000);
    const { body } = await service.call('POST', '/v1/runs');
    await untilWorking(service, body.id);
    for (const pid of await processesWith(service.root)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It went with the one before.
      }
    }
    const run = await ended(service, body.id);
    expect(run).toMatchObject({ status: 'failed', commit: null });
    expect(run.error).toMatchObject({ type: '/problems/engine-failed' });
    expect(run.error.detail).toMatch(
      /^The Spark application on spark:\/\/127.0.0.1:\d+ was killed/,
    );
    await expectNothingLeft(service);
    expect(await statesOf(service)).toEqual({ '0': 'new' });
  });

  test('raw files that change while Spark reads them fail their day', async () => {
    const service = await startSparkService();
    await landLargeDay(service, '0', 400_000);
    await service.land('1', [[5, { x: 1 }]]);
    const { body } = await service.call('POST', '/v1/runs');
    await untilWorking(service, body.id);
    await writeFile(join(service.rawDir, '0', 'orders.csv'), 'order_hour_of_day,x\n5,1\n');
    const run = await ended(service, body.id);
    expect(run.days).toMatchObject([
      { day: '0', outcome: 'failed', error: { code: 'raw-changed' } },
      { day: '1', outcome: 'added' },
    ]);
    await expectNothingLeft(service);
  });

  test('a master that is not there is named within the timeout', async () => {
    const service = await startSparkService({
      settings: { SPARK_MASTER: 'spark://127.0.0.1:1', SPARK_TIMEOUT_MS: '12000' },
    });
    await service.land('0', [[5, { x: 1 }]]);
    const { status, body } = await service.run();
    expect(status).toBe(500);
    expect(body).toMatchObject({ type: '/problems/engine-failed', retryable: true });
    expect(body.detail).toMatch(/on spark:\/\/127\.0\.0\.1:1 did not end within 12000 ms/);
    expect(await processesWith(service.root)).toEqual([]);
    await expectNothingLeft(service);
  });
});

async function ended(
  service: Awaited<ReturnType<typeof startSparkService>>,
  runId: string,
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
): Promise<any> {
  const { body } = await service.get(`/v1/runs/${runId}/result?wait=100`);
  return body.run ?? body;
}
