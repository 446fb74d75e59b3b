/** Whatever a commit writes is read by the next process; what would not be is not written. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutputChange } from '../../src/core/ports/output.js';
import type { LedgerDay } from '../../src/model/ledger.js';
import { changeTo, commit, day, header, listFolder, makePlace, never, readText } from './place.js';

const most = Number.MAX_SAFE_INTEGER;
const twice = '18014398509481982';
const large = { 0: { 1: { a: most, b: most } }, 1: { 1: { a: 5 } } };

/** A change whose ledger entry comes out with something that no reader takes. */
function withOdd(change: OutputChange, patch: Partial<Pick<LedgerDay, 'totals' | 'records'>>) {
  const replace = new Map(
    [...change.replace].map(([name, { encoded, ...day }]) => {
      const { totals = encoded.totals, records = day.records } = patch;
      const odd = { ...day, records: records as number, encoded: { ...encoded, totals } };
      return [name, odd] as const;
    }),
  );
  return { ...change, replace };
}

describe('a total beyond 2^53 − 1', () => {
  it('is read by the next process, so that a day is known as it was committed', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, large);
    const other = await another();
    const state = await other.look();
    expect(state).toMatchObject({ version: 1, described: true, recovered: [] });
    expect(state.ledger.get(day('0'))?.totals).toEqual({ items_count: twice });
    expect(state.days.get(day('0'))?.totals).toEqual({ items_count: twice });
    expect(await commit(other, { 1: { 1: { a: 6 } } })).toMatchObject({ kind: 'committed' });
    expect(await readText(folder.output)).toBe(`${header}0,1,a,${most}\n0,1,b,${most}\n1,1,a,6\n`);
  });

  it('is exact in an output that someone else wrote, too', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, large);
    await writeFile(folder.output, `${header}0,1,b,${most}\n0,1,a,${most}\n0,1,a,1\n`);
    const found = (await (await another()).look()).days.get(day('0'));
    expect(found).toMatchObject({ totals: { items_count: '18014398509481983' }, doubled: true });
  });

  it('makes a record unreadable where an older version wrote it as a number', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, large);
    const [name = ''] = (await listFolder(folder.commits)).filter((each) => each.endsWith('.json'));
    const path = join(folder.commits, name);
    await writeFile(path, (await readText(path)).replace(`"${twice}"`, twice));
    const state = await (await another()).look();
    expect(state.unreadable).toMatch(/cannot be read.*exact total/s);
    expect([state.days.size, state.ledger.size]).toEqual([2, 0]);
  });
});

describe('a record that no reader would take', () => {
  it.each([
    ['a total that is not exact', { totals: { n: 2 ** 53 } }, /exact total/],
    ['a total in another form', { totals: { n: '5' } }, /exact total/],
    ['a count that is none', { records: 0.5 }, /records/],
    ['what JSON cannot say', { records: Number.NaN }, /records/],
  ])('is not committed: %s', async (_what, patch, why) => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const before = await readFile(folder.output);
    const change = withOdd(await changeTo(store, { 1: { 1: { a: 5 } } }), patch);
    const committed = store.commit(await store.look(), change, never);
    await expect(committed).rejects.toThrow(why);
    await expect(committed).rejects.toThrow(/record of version 2 would not be read back/);
    expect(await listFolder(folder.commits)).toEqual(['00000000000000000001.json']);
    expect(await listFolder(folder.staged)).toEqual([]);
    expect(await readFile(folder.output)).toEqual(before);
    // Nothing of it is left in the way of the next.
    expect(await commit(store, { 1: { 1: { a: 5 } } })).toMatchObject({ version: 2 });
  });

  it('is not committed where it would read as something else', async () => {
    const { folder, store } = await makePlace();
    const change = withOdd(await changeTo(store, { 1: { 1: { a: 5 } } }), { records: -0 });
    await expect(store.commit(await store.look(), change, never)).rejects.toThrow(
      /days\.0\.records differs\. Nothing was written/,
    );
    expect(await listFolder(folder.commits)).toEqual([]);
  });
});
