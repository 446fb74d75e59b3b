/** There is no Redis, at first or for a while: what a call costs then, and how its return is noticed. */
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { timed, unavailable, value, within } from './asking.js';
import { atOnceMs, expectBack, openStore, redis, slackMs, timeoutMs } from './redis-subject.js';

test('the first read waits for the first connection', async () => {
  const server = await redis();
  for (let round = 0; round < 20; round += 1) {
    const { store, errors } = openStore(server);
    expect(await store.read(within(timeoutMs))).toEqual({ status: 'absent' });
    expect(errors).toEqual([]);
  }
});

test('a server that is not there is noticed at once, and when it arrives', async () => {
  const port = await freePort();
  const watched = openStore(`redis://127.0.0.1:${port}`);
  const first = await timed(() => watched.store.read(within()));
  expect(first.result).toEqual(unavailable);
  expect(first.tookMs).toBeLessThan(timeoutMs + slackMs);
  const { store } = watched;
  const second = await timed(() => store.compareAndSet(null, '1', within()));
  expect(second.result).toEqual(unavailable);
  expect(second.result).toHaveProperty('reason', expect.stringMatching(/REFUSED.*since 20/));
  expect(second.tookMs).toBeLessThan(atOnceMs);
  expect(watched.errors).toHaveLength(1);

  await redis({ port });
  await expectBack(watched, { status: 'absent' });
  expect(await store.compareAndSet(null, '1', within())).toEqual({ status: 'stored' });
});

test('a server that was killed costs nothing, and its return is noticed', async () => {
  const server = await redis();
  const watched = openStore(server);
  await watched.store.compareAndSet(null, '3', within());
  await server.kill();
  for (let call = 0; call < 10; call += 1) {
    const { result, tookMs } = await timed(() => watched.store.read(within()));
    expect(result).toEqual(unavailable);
    expect(tookMs).toBeLessThan(atOnceMs);
  }
  await server.restart();
  await expectBack(watched, { status: 'absent' });
});

test('data that a restarted server kept is there again', async () => {
  const server = await redis();
  const { store } = openStore(server);
  await store.compareAndSet(null, '3', within());
  await server.restart({ keepData: true });
  await eventually(async () => expect(await store.read(within())).toEqual(value('3')));
});
