/** The DAG of examples/airflow, as it is, in a real Airflow against a real Daymark. */
import { describe, expect, it } from 'vitest';
import { endOf, logOf, place, trigger, xcomOf } from './airflow.js';
import { startDaymark } from './live-daymark.js';

const dag = 'daymark_orders';

describe.skipIf(place === null)('daymark_orders', () => {
  it('takes a day that landed into the output, and its log names the run', async () => {
    const daymark = await startDaymark();
    await daymark.land('0', [[8, { milk: 2 }]]);
    const run = await trigger(dag, { logicalDate: '2026-11-20T05:00:00Z' });
    expect(await endOf(run)).toBe('success');
    expect(await daymark.output()).toBe(
      'day_of_week,hour_of_day,category,items_count\n0,8,milk,2\n',
    );
    const { id } = await daymark.get(`/v1/runs/${dag}:2026-11-20T05:00:00Z`);
    expect(await xcomOf(run, 'submit')).toBe(id);
    expect(await logOf(run, 'submit', 1)).toContain(id);
  });
});
