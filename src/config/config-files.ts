/** What only the disk can tell of the settings: looked for before anything is made, and told with all else. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { whyNotWritten } from '../disk/no-room.js';
import { findSubmit } from '../engine/spark/find-submit.js';
import type { OutputShape } from '../model/column.js';
import { seedDefinition, shapeOf } from '../model/definition.js';
import { ProblemError } from '../model/problems.js';
import { checkOutput, UnfitPlace } from '../output/place.js';
import { stateFolderOf } from '../output/state-folder.js';
import { type Config, judgeConfig } from './config.js';
import { ConfigError } from './config-error.js';
import { readCertificate, readRedisTls } from './pem-files.js';
import type { Env } from './setting.js';
import { refuseUnreal } from './unreal-places.js';
import { refuseWritesToRaw } from './written-places.js';

/** As `readConfig`, and looks at the files and folders that it names. */
export async function readConfigAndFiles(env: Env): Promise<Config> {
  const { config, mistakes } = judgeConfig(env);
  const all = [...mistakes, ...(await fileMistakes(config, mistakes))];
  if (all.length > 0) throw new ConfigError(all);
  return config;
}

async function fileMistakes(config: Config, mistakes: readonly string[]): Promise<string[]> {
  const { tls, redis, spark } = config;
  const looks = [
    () => tls && readCertificate(tls),
    () => redis && readRedisTls(redis.tlsFiles),
    () => spark?.submit && findSubmit(spark),
    // Of a place that is not known, or told already to be in the raw root, there is nothing more to say.
    ...(mistakes.some((each) => placeSettings.test(each)) ? [] : placeLooks(config)),
  ];
  return (await Promise.all(looks.map(mistakesOf))).flat();
}

const placeSettings = /^DAYMARK_(RAW_DIR|OUTPUT_FILE|SPARK_STAGING)\b/;

function placeLooks(config: Config): (() => unknown)[] {
  const { rawDir, outputFile, layout } = config.dataset;
  const staging = config.spark?.staging ?? null;
  return [
    () => refuseUnreal('DAYMARK_RAW_DIR', rawDir),
    () => staging && refuseUnreal('DAYMARK_SPARK_STAGING', staging),
    () => refuseWritesToRaw(config),
    () => checkOutputPlace(outputFile, shapeOf(seedDefinition(layout, []))),
  ];
}

async function checkOutputPlace(outputFile: string, shape: OutputShape): Promise<void> {
  const folder = stateFolderOf(outputFile);
  await refuseUnreal('DAYMARK_OUTPUT_FILE', outputFile);
  await checkWritable(folder.outputFolder, folder.output);
  await checkOutput(folder, shape);
}

/** The folder itself, or the nearest above it that is there, in which it will be made. */
async function checkWritable(folder: string, output: string): Promise<void> {
  const setting = `DAYMARK_OUTPUT_FILE ${output} cannot be written`;
  try {
    if (!(await stat(folder)).isDirectory()) {
      throw new UnfitPlace(`${setting}: ${folder} is not a folder. Name a file in one.`);
    }
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UnfitPlace) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return checkWritable(dirname(folder), output);
    const why = await whyNotWritten(folder, error);
    throw new UnfitPlace(`${setting}: ${why ?? `${folder} cannot be used (${code})`}.`);
  }
}

async function mistakesOf(look: () => unknown): Promise<readonly string[]> {
  try {
    await look();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    if (error instanceof UnfitPlace || error instanceof ProblemError) return [error.message];
    throw error;
  }
}
