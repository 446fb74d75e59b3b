/** The DAG of examples/airflow, as it is, in a real Airflow against a real Daymark. */
import { describe, expect, it } from 'vitest';
import {
  clear,
  endOf,
  logOf,
  place,
  scheduledRun,
  success,
  taskOf,
  trigger,
  unpause,
  untilTask,
  xcomOf,
} from './airflow.js';
import { largeDayItems, startDaymark } from './live-daymark.js';

const dag = 'daymark_orders';
const header = 'day_of_week,hour_of_day,category,items_count\n';
const bad = 'order_id,order_hour_of_day,milk\n1,8,many\n';

let date = 0;
/** A logical date that no run had yet, and the key that the DAG makes of it. */
function nextDate() {
  date += 1;
  const logicalDate = new Date(Date.UTC(2026, 0, date, 5)).toISOString().replace('.000', '');
  return { logicalDate, path: `/v1/runs/${dag}:${logicalDate}` };
}

/** The run that the scheduler makes of the unpaused DAG is over before a test lands anything. */
async function scene(env: Record<string, string> = {}) {
  const daymark = await startDaymark(env);
  await unpause(dag);
  return daymark;
}

describe.skipIf(place === null)('daymark_orders', () => {
  it('takes a day that landed into the output, and its log shows the run', async () => {
    const daymark = await scene();
    const { logicalDate, path } = nextDate();
    await daymark.land('0', [[8, { milk: 2 }]]);
    const run = await trigger(dag, { logicalDate });
    await success(run);
    expect(await daymark.output()).toBe(`${header}0,8,milk,2\n`);
    const { id } = await daymark.get(path);
    expect(await xcomOf(run, 'submit')).toBe(id);
    expect(await logOf(run, 'submit', 1)).toContain(id);
  });

  it('is run by the scheduler once it is unpaused', async () => {
    await scene();
    const run = await trigger(dag, nextDate());
    expect(await scheduledRun(dag)).toMatchObject({ state: 'success' });
    await success(run);
  });

  it('fails for a bad file, says where it is bad, and succeeds when that is mended and `submit` cleared', async () => {
    const daymark = await scene();
    const { logicalDate, path } = nextDate();
    await daymark.land('0', bad);
    const run = await trigger(dag, { logicalDate });
    expect(await endOf(run)).toBe('failed');
    const log = await logOf(run, 'wait_for_result', 1);
    for (const words of ['run-failed', 'orders.csv', 'line 2', 'milk', 'many']) {
      expect(log).toContain(words);
    }
    await daymark.land('0', [[8, { milk: 2 }]]);

    await clear(run, ['wait_for_result']);
    expect(await endOf(run)).toBe('failed');

    await clear(run, ['submit']);
    await success(run);
    expect(await daymark.get(path)).toMatchObject({ status: 'succeeded', attempt: 2 });
    expect(await daymark.output()).toBe(`${header}0,8,milk,2\n`);
  });

  it('that is cleared after a success gets the same answer, and no work is done', async () => {
    const daymark = await scene();
    const { logicalDate, path } = nextDate();
    await daymark.land('0', [[8, { milk: 2 }]]);
    const run = await trigger(dag, { logicalDate });
    await success(run);
    const before = [await daymark.get(path), await daymark.get('/v1/runs')];
    await clear(run, ['submit']);
    await success(run);
    expect(await taskOf(run, 'submit')).toMatchObject({ try_number: 2 });
    expect(await xcomOf(run, 'submit')).toBe(before[0].id);
    expect([await daymark.get(path), await daymark.get('/v1/runs')]).toEqual(before);
    expect(before[0]).toMatchObject({ attempt: 1, commit: 1 });
  });

  it('runs one after the other, because of max_active_runs', async () => {
    const daymark = await scene({ DAYMARK_ENGINE: 'csv' });
    await daymark.landLargeDay('0');
    const first = await trigger(dag, nextDate());
    const second = await trigger(dag, nextDate());
    await untilTask(first, 'submit', ['success']);
    expect(await taskOf(second, 'submit')).toMatchObject({ state: null });
    await success(first);
    await success(second);
    expect(await daymark.output()).toBe(`${header}0,8,milk,${largeDayItems}\n`);
  });

  it('gives the worker back between two looks', async () => {
    const daymark = await scene({ DAYMARK_ENGINE: 'csv' });
    await daymark.landLargeDay('0');
    const run = await trigger(dag, nextDate());
    await untilTask(run, 'wait_for_result', ['up_for_reschedule']);
    await success(run);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'outlives a restart of Daymark (%s) in the middle of a run',
    async (signal) => {
      const daymark = await scene({ DAYMARK_ENGINE: 'csv' });
      const { logicalDate, path } = nextDate();
      await daymark.landLargeDay('0');
      const run = await trigger(dag, { logicalDate });
      await untilTask(run, 'submit', ['success']);
      expect(await daymark.get(path)).toMatchObject({ status: 'running' });
      // Another engine afterwards, which the key outlives, and faster: the new attempt is not waited for as long.
      await daymark.restart(signal, { DAYMARK_ENGINE: 'scan' });
      expect(await daymark.get(path)).toMatchObject({ status: 'interrupted' });
      await success(run);
      expect(await daymark.get(path)).toMatchObject({ status: 'succeeded', attempt: 2 });
      expect(await daymark.output()).toBe(`${header}0,8,milk,${largeDayItems}\n`);
    },
  );

  it('counts no day twice when Redis is flushed between two runs', async () => {
    const daymark = await scene();
    await daymark.land('0', [[8, { milk: 2 }]]);
    await success(await trigger(dag, nextDate()));
    await daymark.redis.command('FLUSHALL');
    await daymark.land('1', [[9, { tea: 3 }]]);
    await success(await trigger(dag, nextDate()));
    expect(await daymark.output()).toBe(`${header}0,8,milk,2\n1,9,tea,3\n`);
    expect(await daymark.redis.command('GET', 'incremental:last_processed_day')).toBe('1');
  });
});
