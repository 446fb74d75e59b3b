/**
 * The configuration: environment variables with the prefix `DAYMARK_`, checked all at once.
 *
 * Nothing here touches the process or the disk; the caller passes in the environment. Checks that need the disk are in
 * `config-files.ts`.
 */
import type { SparkSettings } from '../engine/spark/settings.js';
import { closestTo } from '../model/closest-name.js';
import { ConfigError } from './config-error.js';
import {
  type DatasetConfig,
  datasetConflicts,
  datasetSettings,
  seedDataset,
} from './dataset-config.js';
import { type DoorConfig, doorConflicts, doorSettings, toDoorConfig } from './door-config.js';
import { duckDbSettings } from './duckdb-config.js';
import { type RedisConfig, redisConflicts, redisSettings, toRedisConfig } from './redis-config.js';
import { serviceSettings } from './service-config.js';
import {
  type Conflict,
  type Env,
  prefix,
  readSettings,
  sentencesOf,
  type ValuesOf,
  variableOf,
} from './setting.js';
import { clientNames, settingNames } from './settings.js';
import { sparkConflicts, sparkSettings, toSparkSettings } from './spark-config.js';

export interface Config
  extends DoorConfig,
    Omit<ValuesOf<typeof serviceSettings>, 'datasets'>,
    ValuesOf<typeof duckDbSettings> {
  /** Null: one dataset, from the environment. The file is read with the other files. */
  readonly datasetsFile: string | null;
  /** Null: the embedded checkpoint. May hold a password: never log it. */
  readonly redis: RedisConfig | null;
  /** Null if Spark is not configured. May hold secrets: never log it. */
  readonly spark: SparkSettings | null;
  /** The number of raw bytes in a run from which the engine `auto` uses Spark. */
  readonly sparkFromBytes: number;
  /** The first one. */
  readonly dataset: DatasetConfig;
  readonly datasets: readonly [DatasetConfig, ...DatasetConfig[]];
}

/** Reads `DAYMARK_*` from `env`; throws a `ConfigError` that lists every mistake. */
export function readConfig(env: Env): Config {
  const { config, mistakes } = judgeConfig(env);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

/** A malformed setting is replaced by its default. */
export function judgeConfig(env: Env): { config: Config; mistakes: readonly string[] } {
  const mistakes = unknownNames(env);
  const dataset = readSettings(datasetSettings, env, mistakes);
  const redis = readSettings(redisSettings, env, mistakes);
  const spark = readSettings(sparkSettings, env, mistakes);
  const duckdb = readSettings(duckDbSettings, env, mistakes);
  const { datasets: datasetsFile, ...service } = readSettings(serviceSettings, env, mistakes);
  const door = readSettings(doorSettings, env, mistakes);
  // Well-formed settings are checked further even if others are malformed, to report all mistakes at once.
  const conflicts = [
    ...(datasetsFile === null ? datasetConflicts(dataset) : setTwice(env)),
    ...redisConflicts(redis),
    ...sparkConflicts(spark, dataset.engine),
    ...doorConflicts(door),
  ];
  const only = seedDataset('orders', dataset);
  const config: Config = {
    ...service,
    ...duckdb,
    datasetsFile,
    ...toDoorConfig(door),
    redis: toRedisConfig(redis),
    spark: toSparkSettings(spark, env),
    sparkFromBytes: spark.sparkFromBytes,
    dataset: only,
    datasets: [only],
  };
  return { config: frozen(config), mistakes: [...mistakes, ...sentencesOf(conflicts)] };
}

/** With a file of datasets, the settings of a dataset belong in the file. */
function setTwice(env: Env): Conflict[] {
  return Object.keys(datasetSettings)
    .map(variableOf)
    .map((name) => [
      Boolean(env[name]),
      `${name} belongs to a dataset, and DAYMARK_DATASETS names a file of datasets. Set it only in that file.`,
    ]);
}

/** An empty text counts as unset, as Compose files write it. */
function unknownNames(env: Env): string[] {
  const given = Object.keys(env).filter((name) => name.startsWith(prefix) && env[name]);
  const unknown = given.filter((name) => ![...settingNames, ...clientNames].includes(name));
  const known = settingNames.map((name) => name.slice(prefix.length));
  return unknown.map((name) => {
    const closest = closestTo(name.slice(prefix.length), known);
    const hint = closest === null ? '' : ` Did you mean ${prefix}${closest}?`;
    return `${name} is not a setting.${hint}`;
  });
}

/** With all that it holds. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
