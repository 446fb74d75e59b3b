/** Checks of settings that need the disk: made before anything is created, and reported with all other mistakes. */
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { access, stat } from '../disk/look-at.js';
import { whyNotWritten } from '../disk/no-room.js';
import { createDuckDb } from '../engine/duckdb/child-process.js';
import { duckDbLack } from '../engine/duckdb/lack.js';
import { sharesOf } from '../engine/duckdb/shares.js';
import { findSubmit } from '../engine/spark/find-submit.js';
import type { OutputShape } from '../model/column.js';
import { shapeOf } from '../model/definition.js';
import { ProblemError } from '../model/problems.js';
import { checkOutput, UnfitPlace } from '../output/place.js';
import { stateFolderOf } from '../output/state-folder.js';
import { type Config, frozen, judgeConfig } from './config.js';
import { ConfigError } from './config-error.js';
import type { DatasetConfig } from './dataset-config.js';
import { readDatasets } from './datasets-file.js';
import { type DescribedDatasets, describeDatasets } from './describe-datasets.js';
import { createNeighbours } from './neighbours.js';
import { readCertificate, readRedisTls } from './pem-files.js';
import type { Env } from './setting.js';
import { refuseUnreal } from './unreal-places.js';
import { refuseWritesToRaw } from './written-places.js';

/** Like `readConfig`, and also checks the files and folders that it names. */
export async function readConfigAndFiles(env: Env): Promise<Config> {
  const { config, mistakes } = judgeConfig(env);
  if (config.datasetsFile === null) {
    refuse([...mistakes, ...(await fileMistakes(config, mistakes))]);
    return config;
  }
  const read = await datasetsIn(config.datasetsFile, config);
  const [first, ...others] = read.datasets;
  const all = [...mistakes, ...read.mistakes];
  if (first === undefined) throw new ConfigError([...all, ...(await processMistakes(config))]);
  const whole = frozen<Config>({ ...config, dataset: first, datasets: [first, ...others] });
  // With several datasets, each is checked as it is opened, so that it does not hold up the others.
  const looks = others.length === 0 ? fileMistakes(whole, all) : processMistakes(whole);
  refuse([...all, ...(await looks)]);
  return whole;
}

function refuse(mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

const mostBytes = 1 << 20;

/** `name` is what mistakes call it. */
async function datasetsIn(name: string, config: Config): Promise<DescribedDatasets> {
  const path = resolve(name);
  const has = { hasRedis: config.redis !== null, hasSpark: config.spark !== null };
  let text: string;
  try {
    text = await textIn(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    return { datasets: [], mistakes: [`DAYMARK_DATASETS ${name} cannot be read: ${why}.`] };
  }
  const read = readDatasets(text, { path, name, ...has });
  return describeDatasets(read, () => createDuckDb(sharesOf(config)), duckDbLack());
}

async function textIn(path: string): Promise<string> {
  const found = await stat(path);
  if (found.isDirectory()) throw new Error('it is a folder; name the file in it');
  if (!found.isFile()) throw new Error('it is not a regular file');
  if (found.size > mostBytes) {
    throw new Error(`it has ${found.size} bytes; ${mostBytes} are the most`);
  }
  const bytes = await readFile(path);
  if (!isUtf8(bytes)) throw new Error('its text is not UTF-8; save it as UTF-8');
  return new TextDecoder().decode(bytes);
}

async function fileMistakes(config: Config, mistakes: readonly string[]): Promise<string[]> {
  // Nothing more to say about a place that is unknown, or already reported to be in the raw root.
  const isTold = mistakes.some((each) => placeSettings.test(each));
  const places = await allMistakes(isTold ? [] : placeLooks(config));
  return [...(await processMistakes(config)), ...places.map(config.dataset.say)];
}

/** Files that belong to no dataset. */
function processMistakes({ tls, redis, spark }: Config): Promise<string[]> {
  return allMistakes([
    () => tls && readCertificate(tls),
    () => redis && readRedisTls(redis.tlsFiles),
    () => spark?.submit && findSubmit(spark),
  ]);
}

async function allMistakes(looks: readonly (() => unknown)[]): Promise<string[]> {
  return (await Promise.all(looks.map(mistakesOf))).flat();
}

const placeSettings = /^DAYMARK_(RAW_DIR|OUTPUT_FILE|SPARK_STAGING)\b/;

function placeLooks(config: Config): (() => unknown)[] {
  const { template, outputFile, definition } = config.dataset;
  const staging = config.spark?.staging ?? null;
  return [
    () => refuseUnreal('DAYMARK_RAW_DIR', template.root),
    () => staging && refuseUnreal('DAYMARK_SPARK_STAGING', staging),
    () => refuseWritesToRaw(config),
    () => checkOutputPlace(outputFile, shapeOf(definition)),
  ];
}

/** What a service with several datasets checks as it opens each of them. Throws UnfitPlace. Creates nothing. */
export async function checkPlaces(
  config: Config,
  refuseIntrusion = createNeighbours(config.datasets),
): Promise<void> {
  const looks = [...placeLooks(config), () => refuseIntrusion(config)];
  for (const look of looks) await inTermsOf(config.dataset, look);
}

/** Runs `action`; an unfit place is reported in the terms in which the dataset is configured. */
export async function inTermsOf<T>(
  { say }: Pick<DatasetConfig, 'say'>,
  action: () => T | Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof UnfitPlace ? new UnfitPlace(say(error.message)) : error;
  }
}

async function checkOutputPlace(outputFile: string, shape: OutputShape): Promise<void> {
  const folder = stateFolderOf(outputFile);
  await refuseUnreal('DAYMARK_OUTPUT_FILE', outputFile);
  await checkWritable(folder.outputFolder, folder.output);
  await checkOutput(folder, shape);
}

/** The folder itself, or the nearest existing one above it, in which it will be created. */
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
