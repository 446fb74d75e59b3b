/** The default run of a whole service, its run records included, but without HTTP. */
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../src/config/config.js';
import type { Disk } from '../../src/disk/disk.js';
import type { Run } from '../../src/model/run.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { createService } from '../../src/service.js';
import { queued, request } from '../core/plane.js';

export const folderIn = (root: string): StateFolder =>
  stateFolderOf(join(root, 'processed', 'orders.csv'));

export async function runOnce(root: string, disk: Disk): Promise<Run> {
  const config = readConfig({
    DAYMARK_RAW_DIR: join(root, 'raw'),
    DAYMARK_OUTPUT_FILE: folderIn(root).output,
    // A busy machine must not look like a checkpoint that is away.
    DAYMARK_REDIS_TIMEOUT_MS: '10000',
  });
  const service = createService(config, { logger: pino({ level: 'silent' }), disk });
  try {
    await service.open();
    const { run } = await service.controlPlane.submit(request(), queued);
    return await service.controlPlane.wait(run.id, 10_000, new AbortController().signal);
  } finally {
    // Its threads would outlast it, and there are thousands of such services.
    await service.stop();
  }
}
