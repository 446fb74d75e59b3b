/** Once the output is verified, looking at it again costs the same whatever its size. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { usualRestMs } from '../../src/stamps/steady.js';
import { createCountingDisk } from '../support/counting-disk.js';
import { outputHeader, startTestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

/** The folder of the runs, which there are, the folder of the records, which there are, the newest's file, and the output. */
const steady = ['identity', 'identity', 'identity', 'identity', 'list', 'list'];
/** Of a run: without an fsync, where it did nothing. */
const record = ['create', 'rename', 'remove'];
/** Of the folders of the runs and of the records, and of the output. */
const stamps = ['identity', 'identity', 'identity'];

/** Runs and records are looked at beside each other. */
const inOrder = <T extends { readonly calls: readonly string[] }>(counts: T): T => ({
  ...counts,
  calls: [...counts.calls].sort(),
});

it.each([10, 1_000])(
  'GET /v1/checkpoint costs two readdirs and four stats, and a no-op run its record besides, with %i days of history',
  async (history) => {
    const root = await makeTempDir();
    const output = join(root, 'processed', 'orders.csv');
    await mkdir(dirname(output));
    // Days whose raw folders are gone: the raw root is as small in either case.
    const rows = Array.from(
      { length: history * 20 },
      (_, n) => `${Math.floor(n / 20)},${n % 20},milk,1\n`,
    );
    await writeFile(output, `${outputHeader}${rows.join('')}`);

    const { disk, counts } = createCountingDisk();
    const service = await startTestService({ root, disk });
    await service.land(String(history), [[8, { milk: 1 }]]);
    const first = await service.run();
    expect(first.body).toMatchObject({ status: 'succeeded', commit: 1 });
    expect((await service.get('/v1/checkpoint')).body).toMatchObject({ day: String(history) });

    counts.reset();
    expect((await service.get('/v1/checkpoint')).status).toBe(200);
    expect(inOrder(counts)).toMatchObject({ calls: steady, bytesRead: 0, bytesWritten: 0 });

    counts.reset();
    const idle = await service.run();
    expect(idle.body).toMatchObject({ status: 'succeeded', days: [], commit: null });
    // At last its record is written, and word to cancel it cleared.
    expect(inOrder(counts)).toMatchObject({ calls: [...steady, ...record].sort(), bytesRead: 0 });

    // Once the folders have been at rest for some seconds, three stamps tell.
    await sleep(usualRestMs + 100);
    await service.get('/v1/runs');
    const run = `/v1/runs/${idle.body.id}`;
    for (const path of ['/v1/checkpoint', '/v1/runs', run, `${run}/result`]) {
      counts.reset();
      expect((await service.get(path)).status).toBe(200);
      expect(counts).toMatchObject({ calls: stamps, bytesRead: 0, bytesWritten: 0 });
    }
    counts.reset();
    expect((await service.run()).status).toBe(200);
    expect(inOrder(counts)).toMatchObject({ calls: [...stamps, ...record].sort(), bytesRead: 0 });
  },
);
