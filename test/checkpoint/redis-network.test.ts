/** The network, or what listens at Redis's address, misbehaves. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { because, timed, unavailable, value, within } from './asking.js';
import { expectBack, key, openStore, proxyTo, redis, slackMs, timeoutMs } from './redis-subject.js';

test('an answer that is cut off in the middle is no answer', async () => {
  const server = await redis();
  const { proxy, url } = await proxyTo(server);
  const watched = openStore(url);
  await watched.store.compareAndSet(null, '1234567890', within());
  proxy.cutReplies(7);
  const { result, tookMs } = await timed(() => watched.store.read(within()));
  expect(result).toEqual(unavailable);
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
  proxy.cutReplies(null);
  await expectBack(watched, value('1234567890'));
});

test('answers that come too late are not taken for those of later questions', async () => {
  const server = await redis();
  const { proxy, url } = await proxyTo(server);
  const watched = openStore(url);
  await watched.store.compareAndSet(null, '3', within());
  proxy.delayReplies(timeoutMs + 100);
  expect(await watched.store.read(within())).toEqual(unavailable);
  await server.command('SET', key, '4');
  proxy.delayReplies(0);
  await expectBack(watched, value('4'));
});

test('a connection on which nothing passes any more is replaced by another', async () => {
  const server = await redis();
  const { proxy, url } = await proxyTo(server);
  const watched = openStore(url);
  await watched.store.compareAndSet(null, '3', within());
  proxy.strand();
  expect(await watched.store.read(within())).toEqual(unavailable);
  await expectBack(watched, value('3'));
});

test('a connection that the server closed while it was idle is made anew in passing', async () => {
  const server = await redis();
  const { store, errors } = openStore(server);
  await store.compareAndSet(null, '3', within());
  await server.dropClients();
  await sleep(10);
  expect(await store.read(within())).toEqual(value('3'));
  expect(errors).toEqual([]);
});

/** Answers whatever it is sent with the same bytes. */
async function impostor(answer: string): Promise<number> {
  const listener = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => socket.write(answer));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => void listener.close());
  return (listener.address() as AddressInfo).port;
}

test('a server that does not speak the protocol is unavailable, and harmless', async () => {
  const { store } = openStore(
    `redis://127.0.0.1:${await impostor('HTTP/1.1 400 Bad Request\r\n\r\n')}`,
  );
  const { result, tookMs } = await timed(() => store.read(within()));
  expect(result).toEqual(unavailable);
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
  await sleep(300);
  expect(await store.read(within())).toEqual(unavailable);
});

test('a password that a server repeats in its answer is not passed on', async () => {
  const port = await impostor("-ERR unknown command 'AUTH', with args: 'p@ssw0rd'\r\n");
  const { store, errors } = openStore(`redis://:p%40ssw0rd@127.0.0.1:${port}`);
  const result = await store.read(within());
  expect(result).toEqual(because(/unknown command/));
  expect(JSON.stringify([result, errors])).not.toContain('ssw0rd');
});
