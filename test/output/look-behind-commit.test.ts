import { expect, it } from 'vitest';
import { createCountingDisk } from '../support/counting-disk.js';
import { changeTo, commit, makePlace, never, type Table } from './place.js';

it('a look that waits for a commit of the same process reads nothing of the output again', async () => {
  const { disk, counts } = createCountingDisk();
  let whilePublished: (() => void) | null = null;
  const { folder, store } = await makePlace({
    ...disk,
    exchange: async (from, to) => {
      await disk.exchange(from, to);
      if (to === folder.output) whilePublished?.();
    },
  });
  const large: Table[string] = Object.fromEntries(
    Array.from({ length: 24 }, (_, hour) => [
      String(hour),
      Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`category ${n}`, 1])),
    ]),
  );
  await commit(store, { 0: large });
  const base = await store.look();
  let looking: ReturnType<typeof store.look> | null = null;
  whilePublished = () => {
    counts.reset();
    looking = store.look();
  };
  const change = await changeTo(store, { 1: { 1: { a: 1 } } });
  const result = await store.commit(base, change, never);
  expect(result.kind).toBe('committed');
  expect(looking).not.toBeNull();
  const state = await (looking as unknown as ReturnType<typeof store.look>);
  expect(state.version).toBe(2);
  expect(state.described).toBe(true);
  expect(base.sizeBytes).toBeGreaterThan(100_000);
  // A record of a few days may be read; the output is not.
  expect(counts.bytesRead).toBe(0);
});
