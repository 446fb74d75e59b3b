/** Redis is there but answers nothing: what a call costs then, and how the store comes back. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { timed, unavailable, value, within } from './asking.js';
import {
  atOnceMs,
  expectBack,
  openStore,
  proxyTo,
  redis,
  slackMs,
  timeoutMs,
} from './redis-subject.js';

test('a frozen server costs one timeout, then nothing, until it thaws', async () => {
  const server = await redis();
  const watched = openStore(server);
  const { store } = watched;
  await store.compareAndSet(null, '3', within());
  server.freeze();

  const first = await timed(() => store.read(within()));
  expect(first.result).toEqual(unavailable);
  expect(first.tookMs).toBeLessThan(timeoutMs + slackMs);
  const rest = await timed(async () => {
    for (let call = 0; call < 20; call += 1) {
      expect(await store.read(within())).toEqual(unavailable);
      expect(await store.compareAndSet('3', '4', within())).toEqual(unavailable);
    }
  });
  expect(rest.tookMs).toBeLessThan(atOnceMs);

  // Long enough for probes to give up connections and make new ones, none of which is answered.
  await sleep(2_500);
  const late = await timed(() => store.read(within()));
  expect(late.result).toEqual(unavailable);
  expect(late.tookMs).toBeLessThan(atOnceMs);
  expect(watched.restored()).toBe(0);
  expect(watched.errors).toEqual(['Redis did not answer in time']);

  server.thaw();
  await expectBack(watched, value('3'));
  expect(await store.compareAndSet('3', '4', within())).toEqual({ status: 'stored' });
});

test('twenty calls at once on a frozen server cost one timeout together', async () => {
  const server = await redis();
  const { store } = openStore(server);
  await store.read(within());
  server.freeze();
  const { result, tookMs } = await timed(() =>
    Promise.all(Array.from({ length: 20 }, () => store.read(within()))),
  );
  expect(result).toEqual(Array.from({ length: 20 }, () => unavailable));
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
});

test('a server that is frozen at the start costs one timeout', async () => {
  const server = await redis();
  server.freeze();
  const watched = openStore(server);
  const { result, tookMs } = await timed(() => watched.store.read(within()));
  expect(result).toEqual(unavailable);
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
  server.thaw();
  await expectBack(watched, { status: 'absent' });
});

test('a server that froze before it took the password is noticed when it thaws', async () => {
  const server = await redis({ password: 'secret' });
  server.freeze();
  const watched = openStore(server);
  expect(await watched.store.read(within())).toEqual(unavailable);
  // Long enough for probes to give up connections that are held up by their password.
  await sleep(1_500);
  expect(watched.errors).toEqual(['Redis did not answer in time']);
  server.thaw();
  await expectBack(watched, { status: 'absent' });
});

test('a deadline that is nearer than the timeout is kept', async () => {
  const server = await redis();
  const { store } = openStore(server);
  await store.read(within());
  server.freeze();
  const { result, tookMs } = await timed(() => store.read(within(20)));
  expect(result).toEqual(unavailable);
  expect(tookMs).toBeLessThan(timeoutMs - 50);
});

test('an answer that came in time counts, although this process was too busy to look', async () => {
  const { store, errors } = openStore(await redis());
  await store.compareAndSet(null, '3', within());
  const answer = store.read(within());
  // From here, the loop's next turn begins with timers that are due, before it reads sockets.
  await nextTurn();
  const busyUntil = performance.now() + timeoutMs * 4;
  while (performance.now() < busyUntil);
  expect(await answer).toEqual(value('3'));
  expect(errors).toEqual([]);
});

test('closing is quick and final, also on a frozen server', async () => {
  const server = await redis();
  const { proxy, url } = await proxyTo(server);
  const watched = openStore(url);
  await watched.store.read(within());
  server.freeze();
  const pending = watched.store.read(within());
  const { tookMs } = await timed(() => watched.store.close());
  expect(tookMs).toBeLessThan(atOnceMs);
  expect(await pending).toEqual(unavailable);
  await eventually(() => expect(proxy.connections).toBe(0), 1_000);
  server.thaw();
  await sleep(1_200);
  expect(proxy.connections).toBe(0);
  expect(watched.restored()).toBe(0);
});
