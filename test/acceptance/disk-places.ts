import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { rawText } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

/** Where a service of its own process works. */
export interface Places {
  readonly root: string;
  readonly raw: string;
  readonly processed: string;
  readonly folder: StateFolder;
  readonly env: Record<string, string>;
  land(day: string, items?: number): Promise<void>;
}

/** With empty folders for raw days and for the output. */
export async function makePlaces(env: Record<string, string> = {}): Promise<Places> {
  const root = await makeTempDir();
  const [raw, processed] = [join(root, 'raw'), join(root, 'processed')];
  for (const path of [raw, processed]) await mkdir(path);
  const folder = stateFolderOf(join(processed, 'orders.csv'));
  return {
    root,
    raw,
    processed,
    folder,
    env: { DAYMARK_RAW_DIR: raw, DAYMARK_OUTPUT_FILE: folder.output, ...env },
    land: async (day, items = 2) => {
      await mkdir(join(raw, day), { recursive: true });
      await writeFile(join(raw, day, 'orders.csv'), rawText([[8, { milk: items }]]));
    },
  };
}
