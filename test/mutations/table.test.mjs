import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { misfits } from './mutation.mjs';
import { allMutations } from './table.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('every deliberate bug fits the code as it is', async () => {
  expect(await misfits(allMutations, root)).toEqual([]);
});

it('a bug whose place is gone, or whose test is, does not fit', async () => {
  const [bug] = allMutations;
  if (bug === undefined) throw new Error('there is no deliberate bug');
  const homeless = { ...bug, id: 'homeless', replace: 'nowhere in the code' };
  const untested = { ...bug, id: 'untested', caughtBy: 'test/no-such.test.ts' };
  expect(await misfits([homeless, untested, untested], root)).toEqual([
    'untested: twice',
    expect.stringContaining('homeless: found 0 times'),
    expect.stringContaining('no-such.test.ts'),
    expect.stringContaining('no-such.test.ts'),
  ]);
});
