import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { asNobody, canBeRefused } from '../raw/permissions.js';
import { jobOver, writeFiles } from './job.js';
import { describeEngines } from './subjects.js';

/** A job whose one file became something else after it was listed. */
async function jobAfter(change: (path: string) => Promise<unknown>) {
  const files = await writeFiles({ 'a.csv': 'order_hour_of_day\n' });
  const path = files[0]?.path as string;
  await rm(path);
  await change(path);
  return jobOver(files);
}

describeEngines((engine) => {
  describe('what took the place of a file is not read', () => {
    const message = 'a.csv is no longer a regular file: it was one when the day was listed.';

    test('a FIFO, which must not be waited for', async () => {
      const job = await jobAfter(async (path) => execFileSync('mkfifo', [path]));
      await expect(engine.aggregate(job)).rejects.toMatchObject({ name: 'RawReadError', message });
    });

    test('a folder', async () => {
      const job = await jobAfter((path) => mkdir(path));
      await expect(engine.aggregate(job)).rejects.toMatchObject({ name: 'RawReadError', message });
    });
  });

  test.skipIf(!canBeRefused)('a file without permission is unreadable', async () => {
    const files = await writeFiles({ 'a.csv': 'order_hour_of_day\n' });
    await chmod(files[0]?.path as string, 0);
    await expect(asNobody(() => engine.aggregate(jobOver(files)))).rejects.toMatchObject({
      name: 'RawReadError',
      file: 'a.csv',
      message: expect.stringContaining('permission denied (EACCES)'),
    });
  });
});
