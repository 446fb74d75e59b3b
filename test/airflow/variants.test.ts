/** What the provider's operators do in other DAGs than ours; docs/AIRFLOW.md names these tests. */
import { describe, expect, it } from 'vitest';
import { endOf, logOf, place, success, taskOf, trigger, untilTask, xcomOf } from './airflow.js';
import { largeDayItems, startDaymark } from './live-daymark.js';

const header = 'day_of_week,hour_of_day,category,items_count\n';
const bad = 'order_id,order_hour_of_day,milk\n1,8,many\n';
const large = { DAYMARK_ENGINE: 'csv' };

describe.skipIf(place === null)('a run and its key', () => {
  it('two DAG runs at once share the work', async () => {
    const daymark = await startDaymark(large);
    await daymark.landLargeDay('0');
    const first = await trigger('two_at_once');
    await untilTask(first, 'submit', ['success']);
    const second = await trigger('two_at_once');
    await untilTask(second, 'submit', ['success']);
    expect(await taskOf(first, 'watch')).not.toMatchObject({ state: 'success' });
    await success(first);
    await success(second);
    expect(await daymark.output()).toBe(`${header}0,8,milk,${largeDayItems}\n`);
  });

  it('the retry of a task whose file was mended makes a new attempt', async () => {
    const daymark = await startDaymark();
    await daymark.land('0', bad);
    const run = await trigger('one_task', { logicalDate: '2026-02-01T00:00:00Z' });
    await untilTask(run, 'submit', ['up_for_retry']);
    const log = await logOf(run, 'submit', 1);
    for (const words of ['422', 'orders.csv', 'line 2', 'milk', 'many']) {
      expect(log).toContain(words);
    }
    await daymark.land('0', [[8, { milk: 2 }]]);
    await success(run);
    const { attempt } = await daymark.get('/v1/runs/one_task:2026-02-01T00:00:00Z');
    expect(attempt).toBeGreaterThan(1);
    expect(await taskOf(run, 'submit')).toMatchObject({ try_number: attempt });
  });

  it('a client that gives up early is retried and meets the same run', async () => {
    const daymark = await startDaymark(large);
    await daymark.landLargeDay('0');
    const run = await trigger('impatient');
    await success(run);
    expect(await logOf(run, 'submit', 1)).toContain('Read timed out');
    const { runs } = await daymark.get('/v1/runs');
    expect(runs).toMatchObject([{ attempt: 1, status: 'succeeded' }]);
  });

  it('a POST without a key asks for another run with each retry, and still no day counts twice', async () => {
    const daymark = await startDaymark(large);
    await daymark.landLargeDay('0');
    const run = await trigger('impatient_post');
    await success(run);
    const { runs } = await daymark.get('/v1/runs');
    expect(runs.length).toBeGreaterThan(1);
    expect(await daymark.output()).toBe(`${header}0,8,milk,${largeDayItems}\n`);
  });
});

describe.skipIf(place === null)('a request', () => {
  it.each(['form', 'form_called_json'])('with a dict as its data is refused (%s)', async (dag) => {
    await startDaymark();
    const run = await trigger(dag);
    expect(await endOf(run)).toBe('failed');
    const log = await logOf(run, 'submit', 1);
    expect(log).toContain(dag === 'form' ? '415:Unsupported Media Type' : '400:Bad Request');
    expect(log).toContain('/problems/');
  });

  it('without the connection’s login carries no password', async () => {
    await startDaymark();
    const run = await trigger('without_login');
    expect(await endOf(run)).toBe('failed');
    expect(await logOf(run, 'submit', 1)).toContain('401');
  });

  it('may carry the token as a header of the connection', async () => {
    await startDaymark();
    await success(await trigger('bearer'));
  });

  it('leaves the whole body in XCom, unless a filter keeps the id', async () => {
    const daymark = await startDaymark();
    for (let day = 0; day < 100; day += 1) await daymark.land(`${day}`, [[8, { milk: 2 }]]);
    const run = await trigger('whole_body');
    await success(run);
    const size = async (task: string) => String(await xcomOf(run, task)).length;
    expect(await size('submit')).toBeGreaterThan(5_000);
    expect(await size('id_only')).toBe(36);
  });
});

describe.skipIf(place === null)('a sensor', () => {
  it('by itself waits to its timeout for a run that nobody knows', async () => {
    await startDaymark();
    const run = await trigger('sensor_by_itself');
    expect(await endOf(run)).toBe('failed');
    expect(await logOf(run, 'watch', 1)).toContain('AirflowSensorTimeout');
  });

  it('that checks fails at once', async () => {
    await startDaymark();
    const run = await trigger('sensor_that_checks');
    expect(await endOf(run)).toBe('failed');
    expect(await logOf(run, 'watch', 1)).toContain('run-not-found');
  });

  it('that is deferrable and checks stays with the worker', async () => {
    const daymark = await startDaymark();
    await daymark.land('0', [[8, { milk: 2 }]]);
    const run = await trigger('deferrable_checked');
    await success(run);
    expect(await logOf(run, 'watch', 1)).not.toContain('deferral');
  });

  it('that is deferrable waits in the triggerer for a receipt', async () => {
    const daymark = await startDaymark();
    await daymark.land('0', [[8, { milk: 2 }]]);
    const run = await trigger('deferrable_receipt');
    await untilTask(run, 'watch', ['deferred']);
    await success(await trigger('two_at_once'));
    await success(run);
  });
});

describe.skipIf(place === null)('a deferrable operator', () => {
  it('waits in the triggerer for a long run', async () => {
    const daymark = await startDaymark(large);
    await daymark.landLargeDay('0');
    const run = await trigger('deferrable');
    await untilTask(run, 'submit', ['deferred']);
    await success(run);
    expect(await daymark.output()).toBe(`${header}0,8,milk,${largeDayItems}\n`);
  });

  it('does not take the timeout of two numbers', async () => {
    await startDaymark();
    const run = await trigger('deferrable_pair');
    expect(await endOf(run)).toBe('failed');
    expect(await logOf(run, 'submit', 1)).toContain('Unexpected error in the operation');
  });
});
