import { describe, expect, test } from 'vitest';
import type { CheckpointStore } from '../../src/core/ports/checkpoint.js';
import { value, within } from './asking.js';

export interface Subject {
  /** A store without a value; its resources are released when the test has finished. */
  make(): Promise<CheckpointStore>;
}

const oddValues: Record<string, string> = {
  empty: '',
  'a newline': 'a\nb',
  'a newline at the end': '3\n',
  'a carriage return': '3\r\n',
  unicode: 'Zürich – 東京 🚲',
  'a NUL': 'a\u0000b',
  'quotes and spaces': ` "3" '`,
  'what a protocol would take for its own': '$3\r\n*1\r\n+OK\r\n',
  'very long': '7'.repeat(4_000),
};

/** What every checkpoint store must do, whatever it stores into. */
export function conformsAsCheckpointStore(name: string, { make }: Subject): void {
  describe(`${name}, as a checkpoint store`, () => {
    test('holds nothing at first', async () => {
      const store = await make();
      expect(await store.read(within())).toEqual({ status: 'absent' });
    });

    test('stores a first value where none is expected', async () => {
      const store = await make();
      expect(await store.compareAndSet(null, '0', within())).toEqual({ status: 'stored' });
      expect(await store.read(within())).toEqual(value('0'));
    });

    test('replaces the expected value, again and again', async () => {
      const store = await make();
      let held: string | null = null;
      for (const next of ['0', '1', '1', '10', '9']) {
        expect(await store.compareAndSet(held, next, within())).toEqual({ status: 'stored' });
        held = next;
      }
      expect(await store.read(within())).toEqual(value('9'));
    });

    test('removes the expected value', async () => {
      const store = await make();
      await store.compareAndSet(null, '3', within());
      expect(await store.compareAndSet('3', null, within())).toEqual({ status: 'stored' });
      expect(await store.read(within())).toEqual({ status: 'absent' });
    });

    test('takes absent for absent', async () => {
      const store = await make();
      expect(await store.compareAndSet(null, null, within())).toEqual({ status: 'stored' });
      expect(await store.read(within())).toEqual({ status: 'absent' });
    });

    test.each([
      ['another value', '2', '4'],
      ['no value', null, '4'],
      ['another value, to be removed', '2', null],
      ['no value, to be left so', null, null],
    ])('leaves the value alone where %s was expected', async (_, expected, next) => {
      const store = await make();
      await store.compareAndSet(null, '3', within());
      expect(await store.compareAndSet(expected, next, within())).toEqual({ status: 'conflict' });
      expect(await store.read(within())).toEqual(value('3'));
    });

    test.each([['4'], [null]])('stores nothing where a value was expected (%s)', async (next) => {
      const store = await make();
      expect(await store.compareAndSet('3', next, within())).toEqual({ status: 'conflict' });
      expect(await store.read(within())).toEqual({ status: 'absent' });
    });

    test('tells an empty value from none', async () => {
      const store = await make();
      await store.compareAndSet(null, '', within());
      expect(await store.compareAndSet(null, '1', within())).toEqual({ status: 'conflict' });
      expect(await store.compareAndSet('', '1', within())).toEqual({ status: 'stored' });
    });

    test.each(Object.entries(oddValues))('keeps %s as it is', async (_, odd) => {
      const store = await make();
      expect(await store.compareAndSet(null, odd, within())).toEqual({ status: 'stored' });
      expect(await store.read(within())).toEqual(value(odd));
      expect(await store.compareAndSet(odd, '1', within())).toEqual({ status: 'stored' });
      expect(await store.read(within())).toEqual(value('1'));
    });

    test.each([[null], ['5']])('lets exactly one of many writers win (from %s)', async (start) => {
      const store = await make();
      if (start !== null) await store.compareAndSet(null, start, within());
      const rivals = Array.from({ length: 32 }, (_, index) => `rival-${index}`);
      const results = await Promise.all(
        rivals.map((rival) => store.compareAndSet(start, rival, within())),
      );
      const winners = rivals.filter((_, index) => results[index]?.status === 'stored');
      expect(winners).toHaveLength(1);
      expect(results.filter(({ status }) => status === 'conflict')).toHaveLength(31);
      expect(await store.read(within())).toEqual(value(winners[0] ?? ''));
    });

    test('answers at once when the deadline has passed, and does nothing', async () => {
      const store = await make();
      const past = performance.now() - 1;
      expect(await store.read(past)).toMatchObject({ status: 'unavailable' });
      expect(await store.compareAndSet(null, '1', past)).toMatchObject({ status: 'unavailable' });
      expect(await store.read(within())).toEqual({ status: 'absent' });
    });

    test('can be closed twice, and throws nothing afterwards', async () => {
      const store = await make();
      await store.close();
      await store.close();
      await expect(store.read(within())).resolves.toBeDefined();
      await expect(store.compareAndSet(null, '1', within())).resolves.toBeDefined();
    });
  });
}
