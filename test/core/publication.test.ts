/** Which way versions are published is found out at the start, and told where it is not the one that loses nothing. */
import { expect, it } from 'vitest';
import { nodeDisk } from '../../src/disk/disk.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { renamingDisk, systemError } from '../faults/faulty-disks.js';
import { listFolder, makePlace } from '../output/place.js';
import { shape } from '../support/counted.js';
import { makePlane, silent } from './plane.js';

it.each([
  ['names can be exchanged', nodeDisk, 'exchange', 0],
  ['they cannot', renamingDisk, 'rename', 1],
  ['an exchange does nothing', { ...nodeDisk, exchange: async () => {} }, 'rename', 1],
  [
    'the trial fails for another reason, which a publication may not meet',
    { ...nodeDisk, exchange: () => Promise.reject(systemError('EIO', 'exchange')) },
    'exchange',
    0,
  ],
] as const)('where %s', async (_, disk, publication, warnings) => {
  const { folder } = await makePlace();
  const output = createOutputStore({ folder, shape, disk });
  const told: string[] = [];
  const observer = { ...silent, warning: (message: string) => void told.push(message) };
  await makePlane(undefined, { output, observer });
  expect(output.publication()).toBe(publication);
  expect(told).toHaveLength(warnings);
  for (const message of told) expect(message).toMatch(/DAYMARK_OUTPUT_FILE .*koffi/);
  expect(await listFolder(folder.staged)).toEqual([]);
  expect((await listFolder(folder.outputFolder)).filter((name) => name.startsWith('.'))).toEqual(
    [],
  );
});
