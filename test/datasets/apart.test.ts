/** Two datasets over one parent folder, one Redis and one process: nothing of one touches the other. */
import { expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../support/redis-server.js';
import { type SeveralService, startSeveral } from '../support/several.js';

const milk = [[8, { milk: 1 }]] as const;
const bread = [[9, { bread: 2 }]] as const;

async function startBoth(settings: Record<string, string> = {}): Promise<SeveralService> {
  return startSeveral({
    datasets: { orders: {}, visits: {} },
    settings,
    prepare: async ({ land }) => {
      await land('orders', '0', milk);
      await land('visits', '0', bread);
      await land('visits', '1', bread);
    },
  });
}

const statesOf = async ({ http }: SeveralService, name: string) => {
  const { body } = await http.get(`/v1/datasets/${name}/days`).expect(200);
  return body.days.map(({ day, state }: { day: string; state: string }) => `${day} ${state}`);
};

it('runs, keys, checkpoints and rewinds of one leave the other as it is', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const both = await startBoth({ REDIS_URL: redis.url });
  const { http } = both;
  await both.run('visits').then(({ status }) => expect(status).toBe(200));
  expect(await both.read('visits')).toContain('\n1,9,bread,2\n');
  await expect(both.read('orders')).rejects.toThrow('ENOENT');
  expect(await statesOf(both, 'orders')).toEqual(['0 new']);
  expect(await redis.command('GET', 'daymark:visits:last_processed_day')).toBe('1');
  expect(await redis.command('EXISTS', 'daymark:orders:last_processed_day')).toBe(0);

  // One key names a run of each.
  const put = (base: string) => http.put(`${base}/runs/nightly?wait=30`).send({}).expect(200);
  const [ofOrders, ofVisits] = [await put('/v1'), await put('/v1/datasets/visits')];
  expect(ofOrders.headers['idempotency-replayed']).toBeUndefined();
  expect(ofOrders.body.id).not.toBe(ofVisits.body.id);
  expect((await put('/v1')).body.id).toBe(ofOrders.body.id);
  expect(await redis.command('GET', 'daymark:orders:last_processed_day')).toBe('0');
  await http.get(`/v1/runs/${ofVisits.body.id}`).expect(404);
  await http.get(`/v1/datasets/orders/runs/${ofOrders.body.id}`).expect(200);

  await http.put('/v1/datasets/visits/checkpoint').send({ day: '0' }).expect(200);
  expect(await statesOf(both, 'visits')).toEqual(['0 processed', '1 rewound']);
  expect(await statesOf(both, 'orders')).toEqual(['0 processed']);
  expect(await redis.command('GET', 'daymark:visits:last_processed_day')).toBe('0');
  expect(await redis.command('GET', 'daymark:orders:last_processed_day')).toBe('0');
  const connections = String(await redis.command('CLIENT', 'LIST'))
    .trim()
    .split('\n');
  // Ours, and the one that asks.
  expect(connections.length).toBeLessThanOrEqual(2);
});

it('each is answered in the form in which it was asked for', async () => {
  const both = await startBoth();
  const { http } = both;
  const short = await http.post('/v1/runs').send({}).expect(202);
  expect(short.headers['location']).toBe(`/v1/runs/${short.body.id}`);
  const long = await http.post('/v1/datasets/orders/runs').send({ days: ['0'] });
  expect(long.headers['location']).toBe(`/v1/datasets/orders/runs/${long.body.id}`);
  await http.get(long.headers['location'] ?? '').expect(200);

  const { body } = await http.get('/v1/datasets/visits/runs/nobody').expect(404);
  expect(body.nextAction).toBe('List the runs with GET /v1/datasets/visits/runs.');
  const unknown = await http.get('/v1/datasets/visit/days').expect(404);
  expect(unknown.body).toMatchObject({
    type: '/problems/dataset-not-found',
    detail: 'There is no dataset "visit". There are: orders, visits.',
    nextAction: 'List the datasets with GET /v1/datasets.',
  });
});

it('GET /v1/datasets tells each at a glance', async () => {
  const both = await startBoth();
  await both.run('visits');
  const { body } = await both.http.get('/v1/datasets').expect(200);
  expect(body.datasets).toMatchObject([
    { name: 'orders', problem: null, pending: 1, checkpoint: { day: null }, lastRun: null },
    {
      name: 'visits',
      raw: both.rawDirOf('visits'),
      output: both.outputOf('visits'),
      checkpointKey: null,
      dayKind: 'index',
      pending: 0,
      counts: { processed: 2, new: 0 },
      checkpoint: { day: '1', completeThrough: '1', reading: 'embedded' },
      failed: 0,
      lastRun: { status: 'succeeded' },
      lastCommit: { version: 1, runId: body.datasets[1].lastRun.id },
    },
  ]);
  expect(body.datasets[0].lastCommit).toBeNull();
  await both.land('orders', '0', 'order_id,order_hour_of_day,milk\n1,8,two\n');
  await both.run('orders');
  const { body: failed } = await both.http.get('/v1/datasets/orders').expect(200);
  expect(failed).toMatchObject({ failed: 1, pending: 1, lastCommit: null });
  const one = await both.http.get('/v1/datasets/visits').expect(200);
  expect(one.body).toEqual(body.datasets[1]);
});

it('metrics, log and audit say which dataset they tell of', async () => {
  const both = await startBoth();
  await both.run('visits');
  const { text } = await both.http.get('/metrics').expect(200);
  const lines = text.split('\n');
  expect(lines).toContain('daymark_runs_total{status="succeeded",dataset="visits"} 1');
  expect(lines).toContain('daymark_runs_total{status="succeeded",dataset="orders"} 0');
  expect(lines).toContain('daymark_pending_days{dataset="orders"} 1');
  expect(lines).toContain('daymark_pending_days{dataset="visits"} 0');
  expect(lines).toContain('daymark_check_ok{check="raw-root",dataset="orders"} 1');
  expect(lines).toContain('daymark_run_duration_seconds_count{dataset="visits"} 1');
  expect(lines.filter((line) => line === '# TYPE daymark_runs_total counter')).toHaveLength(1);
  // What is of no dataset has no such label.
  const ours = lines.filter((line) => /^daymark_(?!build_info|http_)/.test(line));
  expect(ours.filter((line) => !/dataset="(orders|visits)"/.test(line))).toEqual([]);

  const told = both.logLines.filter(({ runId, audit }) => runId !== undefined || audit === true);
  expect(told.length).toBeGreaterThan(2);
  expect(new Set(told.map(({ dataset }) => dataset))).toEqual(new Set(['visits']));
});
