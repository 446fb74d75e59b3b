/** Someone stored far more than a day under the key. */
import { expect, test } from 'vitest';
import { within } from './asking.js';
import {
  allow,
  asUser,
  bounded,
  key,
  openStore,
  redis,
  scripts,
  transactions,
} from './redis-subject.js';

const sizeBytes = 64 * 1024 * 1024;
const cut = { status: 'value', text: '7'.repeat(4_096), cutFromBytes: sizeBytes };

test.each([
  ['scripts', [...scripts, ...bounded]],
  ['transactions', [...transactions, ...bounded]],
])('only its beginning is read, and it can be replaced: %s', async (_, rights) => {
  const server = await redis();
  await allow(server, rights);
  await server.command('SET', key, '7'.repeat(4_096));
  await server.command('SETRANGE', key, sizeBytes - 1, 'x');
  const { store } = openStore(asUser(server));
  await server.command('CONFIG', 'RESETSTAT');
  for (let look = 0; look < 5; look += 1) expect(await store.read(within(250))).toEqual(cut);

  const another = { ...cut, text: '8'.repeat(4_096) };
  expect(await store.compareAndSet(another.text, '4', within(250))).toEqual({ status: 'conflict' });
  await server.command('SETRANGE', key, sizeBytes, 'longer');
  expect(await store.compareAndSet(cut.text, '4', within(250))).toEqual({ status: 'conflict' });
  expect(await store.read(within(250))).toMatchObject({ cutFromBytes: sizeBytes + 6 });
  expect(await store.compareAndSet(cut.text, '4', within(250))).toEqual({ status: 'stored' });
  expect(await server.command('GET', key)).toBe('4');
  expect(await sentBytes(server)).toBeLessThan(256 * 1024);
});

test('without the rights for that it is read whole, and told as short', async () => {
  const server = await redis();
  await allow(server, scripts);
  await server.command('SET', key, '7'.repeat(10_000));
  const { store } = openStore(asUser(server));
  expect(await store.read(within())).toEqual({ ...cut, cutFromBytes: 10_000 });
  expect(await store.compareAndSet(cut.text, '4', within())).toEqual({ status: 'stored' });
});

async function sentBytes(server: Awaited<ReturnType<typeof redis>>): Promise<number> {
  const stats = String(await server.command('INFO', 'stats'));
  return Number(/total_net_output_bytes:(\d+)/.exec(stats)?.[1]);
}
