import { describe, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startService } from './support.js';

const key = 'incremental:last_processed_day';
const days = {
  '0': [{ hour: 8, produce: 2 }],
  '1': [{ hour: 9, produce: 1, dairy: 4 }],
  '2': [{ hour: 9, dairy: 1 }],
};

async function startWithRedis() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const test = await startService({ days, settings: { REDIS_URL: redis.url } });
  return { ...test, redis };
}

describe('GET /v1/checkpoint', () => {
  it('tells of a service that has done nothing yet', async () => {
    const { http } = await startService();
    expect((await http.get('/v1/checkpoint').expect(200)).body).toEqual({
      day: null,
      highest: null,
      completeThrough: null,
      reading: 'embedded',
      stored: null,
      storedStatus: 'absent',
      output: { days: 0, rows: 0, bytes: null, version: 0 },
      repaired: false,
      notices: [],
    });
  });

  it('tells what the output holds', async () => {
    const { http, run } = await startWithRedis();
    await run();
    expect((await http.get('/v1/checkpoint?require=in-sync').expect(200)).body).toEqual({
      day: '2',
      highest: '2',
      completeThrough: '2',
      reading: 'in-sync',
      stored: '2',
      storedStatus: 'value',
      output: { days: 3, rows: 4, bytes: expect.any(Number), version: 1 },
      repaired: false,
      notices: [],
    });
  });

  const losses: [string, (redis: RedisServer) => Promise<unknown>, object, string][] = [
    [
      'a key that was removed',
      ({ command }) => command('DEL', key),
      { reading: 'missing', stored: null, storedStatus: 'absent', repaired: true },
      'The reading is missing: the store held nothing; the output says checkpoint 2.',
    ],
    [
      'a key that lies behind',
      ({ command }) => command('SET', key, '0'),
      { reading: 'behind', stored: '0', storedStatus: 'value', repaired: true },
      'The reading is behind: the store held "0"; the output says checkpoint 2.',
    ],
    [
      'a key that is no day',
      ({ command }) => command('SET', key, 'Tuesday'),
      { reading: 'invalid', stored: 'Tuesday', repaired: true },
      'The reading is invalid: the store held "Tuesday"; the output says checkpoint 2.',
    ],
    [
      'a key of another type',
      async ({ command }) => {
        await command('DEL', key);
        await command('LPUSH', key, '2');
      },
      { reading: 'wrong-type', stored: null, storedType: 'list', repaired: false },
      'The reading is wrong-type: the store holds a list under the key; the output says checkpoint 2.',
    ],
    [
      'a store that is down',
      ({ kill }) => kill(),
      { reading: 'unavailable', stored: null, storedStatus: 'unavailable', repaired: false },
      'The reading is unavailable: the store did not answer',
    ],
  ];

  it.each(losses)('reads %s', async (_, lose, expected) => {
    const { http, run, redis } = await startWithRedis();
    await run();
    await lose(redis);
    const { body } = await http.get('/v1/checkpoint').expect(200);
    expect(body).toMatchObject({ day: '2', ...expected });
  });

  it.each(losses)('demands more than %s', async (_, lose, __, detail) => {
    const { http, run, redis } = await startWithRedis();
    await run();
    await lose(redis);
    const { body } = await http.get('/v1/checkpoint?require=in-sync').expect(409);
    expect(body).toMatchObject({ type: '/problems/checkpoint-drift' });
    expect(body.detail).toContain(detail);
  });

  it('refuses a demand that it does not know', async () => {
    const { http } = await startService();
    const { body } = await http.get('/v1/checkpoint?require=perfection').expect(400);
    expect(body.errors).toEqual([{ at: 'require', message: 'must be one of: in-sync' }]);
  });
});

describe('every /v1 route with Redis down', () => {
  it('answers as it does with Redis up', async () => {
    const { http, run, redis } = await startWithRedis();
    const { body } = await run();
    await redis.kill();
    for (const path of [
      '/v1/runs',
      `/v1/runs/${body.id}`,
      `/v1/runs/${body.id}/result`,
      '/v1/plan',
      '/v1/checkpoint',
      '/v1/days',
      '/v1/days/1',
      '/v1/days/1/receipt',
      '/v1/output',
    ]) {
      await http.get(path).expect(200);
    }
    await http.post('/v1/runs?wait=30').send({ select: 'all' }).expect(200);
    await http.put('/v1/checkpoint').send({ day: '1' }).expect(200);
    await http.delete('/v1/checkpoint').expect(200);
    const { body: ready } = await http.get('/health/ready').expect(200);
    expect(ready.status).toBe('degraded');
  });
});

describe('PUT /v1/checkpoint', () => {
  it('marks the days above, whose rows stay', async () => {
    const { http, run } = await startWithRedis();
    await run();
    const { body } = await http.put('/v1/checkpoint').send({ day: 0 }).expect(200);
    expect(body).toMatchObject({ day: '0', marked: ['1', '2'], untouched: [], commit: 2 });
    expect((await http.get('/v1/output')).body.rows).toHaveLength(4);
    expect((await http.get('/v1/days/2')).body.state).toBe('rewound');
  });

  it.each([
    [{}, 'day'],
    [{ day: 'x' }, 'day'],
    [{ day: null }, 'day'],
    [{ day: '1', force: true }, 'force'],
  ])('refuses %j', async (body, at) => {
    const { http } = await startService();
    const response = await http.put('/v1/checkpoint').send(body).expect(400);
    expect(response.body.errors).toMatchObject([{ at }]);
  });
});

describe('DELETE /v1/checkpoint', () => {
  it('marks every day', async () => {
    const { http, run } = await startWithRedis();
    await run();
    const { body } = await http.delete('/v1/checkpoint').expect(200);
    expect(body).toMatchObject({ day: null, marked: ['0', '1', '2'], commit: 2 });
  });

  it('refuses to rewind everything where a day was meant', async () => {
    const { http } = await startService();
    const { body } = await http.delete('/v1/checkpoint').send({ day: '1' }).expect(400);
    expect(body.errors).toMatchObject([{ at: 'body' }]);
    await http.delete('/v1/checkpoint?day=1').expect(400);
  });
});
