/** Real Sentinels choose another primary, because they are told to, or because the one there was is dead. */
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  primaryName,
  type RedisSentinels,
  startRedisSentinels,
} from '../support/redis-sentinel.js';
import { because, timed, unavailable, value, within } from './asking.js';
import { key, openStore, slackMs, timeoutMs, type Watched } from './redis-subject.js';

const lookedAfter = { name: primaryName, username: null, password: null, tls: false };

async function sentinels(...options: Parameters<typeof startRedisSentinels>) {
  const found = await startRedisSentinels(...options);
  onTestFinished(() => found.stop());
  return found;
}

/** The primary, once it and its replica hold a day. */
async function storedEverywhere({ store }: Watched, found: RedisSentinels) {
  await eventually(async () => {
    expect(await store.compareAndSet(null, '3', within())).toEqual({ status: 'stored' });
  });
  const old = await found.primary();
  const replica = found.servers.find((server) => server !== old);
  await eventually(async () => expect(await replica?.command('GET', key)).toBe('3'));
  return old;
}

async function expectMovedTo({ store }: Watched, found: RedisSentinels, old: number) {
  await eventually(async () => expect((await found.primary()).port).not.toBe(old), 20_000);
  // What the old primary took last may be lost. Then the key reads as before, and is moved again.
  await eventually(async () => {
    await store.compareAndSet('3', '4', within());
    expect(await (await found.primary()).command('GET', key)).toBe('4');
    expect(await store.read(within())).toEqual(value('4'));
  }, 15_000);
}

test('the primary is found, and followed when the Sentinels choose another one', async () => {
  const found = await sentinels();
  const watched = openStore('redis://anywhere', {
    // One of them is not there.
    sentinels: { ...lookedAfter, addresses: [{ host: '127.0.0.1', port: 1 }, ...found.addresses] },
  });
  const old = await storedEverywhere(watched, found);
  await found.failOver();
  await expectMovedTo(watched, found, old.port);
}, 60_000);

test('a primary that dies is followed by the other; no call waits for that', async () => {
  const found = await sentinels({
    server: { password: 's3cret', args: ['--masterauth', 's3cret'] },
    lines: [`sentinel auth-pass ${primaryName} s3cret`],
  });
  const watched = openStore('redis://:s3cret@anywhere', {
    sentinels: { ...lookedAfter, addresses: found.addresses },
  });
  const { store } = watched;
  const old = await storedEverywhere(watched, found);
  await old.kill();
  const { result, tookMs } = await timed(() => store.read(within()));
  expect(result).toEqual(unavailable);
  expect(tookMs).toBeLessThan(timeoutMs + slackMs);
  await expectMovedTo(watched, found, old.port);
}, 60_000);

test('Sentinels have a user and a password of their own, which no one is told', async () => {
  const password = 'h0use-keys';
  const found = await sentinels({
    lines: [
      `user default on >${password} ~* &* +@all`,
      `user asker on >${password} ~* &* -@all +sentinel|get-master-addr-by-name`,
      `sentinel sentinel-user default`,
      `sentinel sentinel-pass ${password}`,
    ],
    sentinelUrl: (port) => `redis://:${password}@127.0.0.1:${port}`,
  });
  const open = (secret: string) =>
    openStore('redis://anywhere', {
      sentinels: {
        ...lookedAfter,
        username: 'asker',
        password: secret,
        addresses: found.addresses,
      },
    });
  const { store } = open(password);
  await eventually(async () => expect(await store.read(within())).toEqual({ status: 'absent' }));
  const wrong = open('wr0ng-keys');
  await eventually(async () =>
    expect(await wrong.store.read(within())).toEqual(because(/WRONGPASS/)),
  );
  expect(JSON.stringify([wrong.errors, await wrong.store.read(within())])).not.toContain('wr0ng');
  expect(await open(password).store.read(within())).not.toEqual(value('3'));
}, 60_000);
