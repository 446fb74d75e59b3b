/** A notice stands in the log once, when it comes up; one of the ledger already at the start. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Notice } from '../../src/model/notice.js';
import { makePlane, silent } from './plane.js';

it('an unreadable ledger is noticed before anyone asks, and by each look', async () => {
  const { root, folder, land, finish } = await makePlane();
  await land('0');
  await finish();
  for (const name of await readdir(folder.commits)) await writeFile(join(folder.commits, name), '');

  const noticed: (readonly Notice[])[] = [];
  const observer = {
    ...silent,
    noticed: (notices: readonly Notice[]) => void noticed.push(notices),
  };
  const { plane } = await makePlane(root, { observer });
  const unreadable = [
    {
      code: 'ledger-unreadable',
      message: expect.stringContaining('commit record 1 cannot be read'),
    },
  ];
  expect(noticed).toEqual([unreadable]);
  await plane.survey();
  expect(noticed).toEqual([unreadable, unreadable]);
});
