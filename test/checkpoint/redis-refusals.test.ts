/** Redis answers every command with an error: what that costs, and how the store comes back. */
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { createRedisAdmin } from '../support/redis-admin.js';
import { because, timed, unavailable, value, within } from './asking.js';
import {
  atOnceMs,
  expectBack,
  key,
  openStore,
  redis,
  slackMs,
  storeHolding3,
  timeoutMs,
} from './redis-subject.js';

test('a password demanded from now on: unavailable at once, and back when it is lifted', async () => {
  const server = await redis();
  const watched = await storeHolding3(server);
  const { store, restored } = watched;
  await server.setPassword('s3cret');
  await server.dropClients();
  await eventually(async () => expect(await store.read(within())).toEqual(because(/NOAUTH/)));
  expect(await store.compareAndSet('3', '4', within())).toEqual(because(/NOAUTH.*since/));
  // The new connection may have called already, before it met the demand.
  const callsBefore = restored();
  await server.setPassword(null);
  await eventually(() => expect(restored()).toBeGreaterThan(callsBefore));
  expect(await store.read(within())).toEqual(value('3'));
});

test('the first write is what meets the demand for a password', async () => {
  const server = await redis({ password: 's3cret' });
  const { store, restored } = openStore(`redis://127.0.0.1:${server.port}`);
  expect(await store.compareAndSet(null, '3', within())).toEqual(because(/NOAUTH/));
  await server.setPassword(null);
  await eventually(() => expect(restored()).toBe(1));
  expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
});

test.each([
  ['default', ':p%40ss w/rd'],
  ['a named', 'clerk:p%40ss w/rd'],
])('the password in the URL is used, for %s user', async (_, credentials) => {
  const server = await redis({ password: 'p@ss w/rd' });
  await server.command('ACL', 'SETUSER', 'clerk', 'on', '>p@ss w/rd', '~*', '+@all');
  const encoded = credentials.replace(' ', '%20').replace('/', '%2F');
  const { store } = openStore(`redis://${encoded}@127.0.0.1:${server.port}`);
  expect(await store.read(within())).toEqual({ status: 'absent' });
});

test('a wrong password is reported without the password, and costs no time', async () => {
  const server = await redis({ password: 'right' });
  const { store, errors } = openStore(`redis://:wr%C3%B6ng@127.0.0.1:${server.port}`);
  const { result, tookMs } = await timed(() => store.read(within()));
  expect(result).toEqual(because(/WRONGPASS/));
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
  const later = await store.read(within());
  expect(JSON.stringify([result, later, errors])).not.toMatch(/wr%C3%B6ng|wröng/i);
  expect(errors).toHaveLength(1);
});

test('a server that is still loading its data is unavailable, and then back', async () => {
  // About two seconds of loading, during which it answers every few keys.
  const slowly = '--key-load-delay 1000 --loading-process-events-interval-bytes 1024';
  const server = await redis({ args: [...slowly.split(' '), '--enable-debug-command', 'yes'] });
  await server.command('SET', key, '3');
  await server.command('DEBUG', 'POPULATE', 2_000);
  const watched = openStore(server);
  expect(await watched.store.read(within())).toEqual(value('3'));
  await server.restart({ keepData: true, until: 'listening' });
  await eventually(async () => {
    expect(await watched.store.read(within())).toEqual(because(/LOADING/));
  }, 1_500);
  const { result, tookMs } = await timed(() => watched.store.read(within()));
  expect(result).toEqual(unavailable);
  expect(tookMs).toBeLessThan(atOnceMs);
  await eventually(
    async () => expect(await watched.store.read(within())).toEqual(value('3')),
    10_000,
  );
  expect(watched.restored()).toBeGreaterThan(0);
});

test('no room for another client: unavailable, and back when there is room', async () => {
  const server = await redis({ args: ['--maxclients', '2'] });
  await server.command('PING');
  const other = openStore(server);
  expect(await other.store.read(within())).toEqual({ status: 'absent' });
  const watched = openStore(server);
  expect(await watched.store.read(within())).toEqual(unavailable);
  await other.store.close();
  await expectBack(watched, { status: 'absent' });
});

test('a server that is busy with a script is unavailable, and then back', async () => {
  const server = await redis();
  const watched = await storeHolding3(server);
  await server.config('lua-time-limit', 20);
  const script = server.command('EVAL', 'while true do end', 0).catch(() => undefined);
  await eventually(async () => expect(await watched.store.read(within())).toEqual(unavailable));
  // On a connection of its own, because the script holds up the other one.
  const admin = createRedisAdmin(() => server.url);
  await admin.command('SCRIPT', 'KILL');
  admin.disconnect();
  await script;
  await expectBack(watched, value('3'));
});
