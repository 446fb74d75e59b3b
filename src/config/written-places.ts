/** At start: nothing that Daymark writes may be in the raw root, through any links or mounts. */
import { resolve } from 'node:path';
import { UnfitPlace } from '../output/place.js';
import { stateFolderOf } from '../output/state-folder.js';
import { watchOver } from '../raw/outside-raw.js';
import type { Config } from './config.js';

export interface WrittenPlace {
  readonly setting: string;
  readonly path: string;
}

/** Throws UnfitPlace. Creates nothing, and must be called before anything is created. */
export async function refuseWritesToRaw(config: Config): Promise<void> {
  const rawDir = config.dataset.template.root;
  const isInRaw = await watchOver(rawDir);
  for (const { setting, path } of placesOf(config)) {
    if (!(await isInRaw(path))) continue;
    throw new UnfitPlace(
      `${setting} leads into the raw root, where nothing is ever written: over links or mounts ${path} lies in ${rawDir} (DAYMARK_RAW_DIR); set ${setting} to a place elsewhere.`,
    );
  }
}

/** Each state folder can itself be a link or a mount. */
export function placesOf({ dataset, spark }: Pick<Config, 'dataset' | 'spark'>): WrittenPlace[] {
  const {
    outputFolder,
    shared,
    root,
    commits,
    staged,
    runs,
    keys,
    backup,
    spark: plans,
  } = stateFolderOf(dataset.outputFile);
  const ours = [outputFolder, shared, root, commits, staged, runs, keys, backup, plans];
  const staging = spark?.staging ?? null;
  return [
    ...ours.map((path) => ({ setting: 'DAYMARK_OUTPUT_FILE', path })),
    ...(staging === null ? [] : [{ setting: 'DAYMARK_SPARK_STAGING', path: resolve(staging) }]),
  ];
}
