/** At start: nothing that Daymark writes may be in the raw root, through any links or mounts. */
import { resolve } from 'node:path';
import { UnfitPlace } from '../output/place.js';
import { stateFolderOf } from '../output/state-folder.js';
import { watchOver } from '../raw/outside-raw.js';
import type { Config } from './config.js';

interface WrittenPlace {
  readonly setting: string;
  readonly path: string;
}

/** Throws UnfitPlace. Creates nothing, and must be called before anything is created. */
export async function refuseWritesToRaw(config: Config): Promise<void> {
  const rawDir = config.dataset.template.root;
  const isInRaw = await watchOver(rawDir);
  const raw = { name: 'the raw root', folder: `${rawDir} (DAYMARK_RAW_DIR)` };
  await refuseIn(config, async (path) => ((await isInRaw(path)) ? raw : null));
}

export type Written = Pick<Config, 'dataset' | 'spark'>;

/** Throws UnfitPlace if anything that is written would be in a raw root; `rootWith` says in which. */
export async function refuseIn(
  written: Written,
  rootWith: (path: string) => Promise<{ readonly name: string; readonly folder: string } | null>,
): Promise<void> {
  for (const { setting, path } of placesOf(written)) {
    const root = await rootWith(path);
    if (root === null) continue;
    throw new UnfitPlace(
      `${setting} leads into ${root.name}, where nothing is ever written: over links or mounts ${path} lies in ${root.folder}; set ${setting} to a place elsewhere.`,
    );
  }
}

/** Each state folder can itself be a link or a mount. */
function placesOf({ dataset, spark }: Written): WrittenPlace[] {
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
    rows,
  } = stateFolderOf(dataset.outputFile);
  const ours = [outputFolder, shared, root, commits, staged, runs, keys, backup, plans, rows];
  const staging = spark?.staging ?? null;
  return [
    ...ours.map((path) => ({ setting: 'DAYMARK_OUTPUT_FILE', path })),
    ...(staging === null ? [] : [{ setting: 'DAYMARK_SPARK_STAGING', path: resolve(staging) }]),
  ];
}
