/**
 * The configuration: environment variables with the prefix `DAYMARK_`, checked all at once.
 *
 * Nothing here touches the process, nor the disk; whoever starts it passes the environment in. What only the disk
 * can tell of a setting is in `config-files.ts`.
 */
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { isWithin } from '../disk/is-within.js';
import type { SparkSettings } from '../engine/spark/settings.js';
import { type CheckpointRule, checkpointRules } from '../model/checkpoint.js';
import type { LayoutName } from '../model/day.js';
import { type EngineChoice, engineChoices, localEngineNames } from '../model/engine.js';
import { type AdoptRule, adoptRules } from '../model/rules.js';
import { closestTo } from './closest-name.js';
import { ignoredColumnsShape } from './ignored-columns.js';
import { type RedisConfig, redisConflicts, redisShapes, toRedisConfig } from './redis-config.js';
import { commaList, flag, integer, oneOf, optionalText, text } from './setting-shapes.js';
import { sparkConflicts, sparkShapes, toSparkSettings } from './spark-config.js';
import { type NamedToken, parseTokens, tokenMistakes } from './tokens.js';

const prefix = 'DAYMARK_';

export type Env = Readonly<Record<string, string | undefined>>;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly rawDir: string;
  readonly outputFile: string;
  readonly layout: LayoutName;
  /** Null: the embedded checkpoint. May hold a password: never log it. */
  readonly redis: RedisConfig | null;
  readonly checkpointKey: string;
  /** Which day the key holds. */
  readonly checkpointRule: CheckpointRule;
  /** What becomes of days that someone else wrote. */
  readonly adopt: AdoptRule;
  /** The most that Redis may cost one request. */
  readonly redisTimeoutMs: number;
  /** Between reconciles that no request asked for; 0 for none. */
  readonly reconcileIntervalMs: number;
  readonly engine: EngineChoice;
  /** Null where no Spark is known. May hold secrets: never log it. */
  readonly spark: SparkSettings | null;
  /** Raw bytes of a run from which the engine `auto` takes Spark. */
  readonly sparkFromBytes: number;
  readonly requireSuccessFile: boolean;
  /** Whether inodes and times of the last change tell that a raw file was touched. */
  readonly rawCtime: boolean;
  /** Whether a raw root that lost its days, or is not mounted, is meant to be so. */
  readonly allowEmptyRaw: boolean;
  /** Whether raw files of one day that say the same fail it, or all count. */
  readonly identicalFiles: 'fail' | 'count';
  /** Whether a raw file whose last row has no line feed behind it fails its day. */
  readonly requireFinalNewline: boolean;
  /** Raw columns that are no category. */
  readonly ignoredColumns: readonly string[];
  /** Secrets: never log them. */
  readonly readTokens: readonly NamedToken[];
  readonly operateTokens: readonly NamedToken[];
  /** Null: plain HTTP. */
  readonly tls: TlsFiles | null;
  /** Addresses and networks of proxies whose `X-Forwarded-For` and `-Proto` are believed. */
  readonly trustProxy: readonly string[];
  /** Requests a minute that each address may make, where tokens are set; 0 for any number. */
  readonly rateLimit: number;
  /** Wrong tokens a minute that an address may show until it is told to wait; 0 for any number. */
  readonly loginLimit: number;
  /** Beyond it requests are turned away; 0 for no bound. */
  readonly maxLoopDelayMs: number;
  readonly maxHeapBytes: number;
  readonly maxRssBytes: number;
  /** The most clients that may follow runs at once. */
  readonly maxEventStreams: number;
  /** The longest silence on a stream of events. */
  readonly eventHeartbeatMs: number;
  readonly logLevel: LogLevel;
  /** How long an orderly stop may take before the process ends anyway. */
  readonly shutdownTimeoutMs: number;
}

/** PEM files: the certificate with its chain, and its key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Everything that is wrong with the environment, one sentence for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly string[]) {
    super(`The configuration is not valid:\n${mistakes.map((each) => `- ${each}`).join('\n')}`);
  }
}

const schema = z.object({
  HOST: text('127.0.0.1').refine((host) => !/[\s/]/.test(host), 'must be a host name or address'),
  PORT: integer(0, 65_535, 3000),
  RAW_DIR: text('data/incremental/raw'),
  OUTPUT_FILE: text('data/processed/orders.csv').refine(
    (path) => !/[\\/]$/.test(path),
    'must name a file, not a folder',
  ),
  LAYOUT: oneOf(['index', 'date'], 'index'),
  ...redisShapes,
  CHECKPOINT_KEY: text('incremental:last_processed_day'),
  CHECKPOINT_RULE: oneOf(checkpointRules, 'highest'),
  ADOPT: oneOf(adoptRules, 'compare'),
  REDIS_TIMEOUT_MS: integer(1, 60_000, 250),
  RECONCILE_INTERVAL_MS: integer(0, 86_400_000, 60_000),
  ENGINE: oneOf(engineChoices, localEngineNames[0]),
  ...sparkShapes,
  REQUIRE_SUCCESS_FILE: flag(false),
  RAW_CTIME: flag(true),
  ALLOW_EMPTY_RAW: flag(false),
  IDENTICAL_FILES: oneOf(['fail', 'count'], 'fail'),
  REQUIRE_FINAL_NEWLINE: flag(false),
  IGNORED_COLUMNS: ignoredColumnsShape,
  READ_TOKEN: optionalText.transform((text) => parseTokens('read', text)),
  OPERATE_TOKEN: optionalText.transform((text) => parseTokens('operate', text)),
  TLS_CERT_FILE: optionalText,
  TLS_KEY_FILE: optionalText,
  TRUST_PROXY: text('')
    .transform(commaList)
    .refine(
      (networks) => networks.every(isNetwork),
      'must be addresses or networks such as 10.0.0.0/8, with commas between them',
    ),
  RATE_LIMIT: integer(0, 1_000_000_000, 30_000),
  LOGIN_LIMIT: integer(0, 1_000_000, 20),
  MAX_LOOP_DELAY_MS: integer(0, 3_600_000, 2_000),
  MAX_HEAP_BYTES: integer(0, Number.MAX_SAFE_INTEGER, 0),
  MAX_RSS_BYTES: integer(0, Number.MAX_SAFE_INTEGER, 0),
  MAX_EVENT_STREAMS: integer(0, 10_000, 100),
  EVENT_HEARTBEAT_MS: integer(100, 600_000, 15_000),
  LOG_LEVEL: oneOf(logLevels, 'info'),
  SHUTDOWN_TIMEOUT_MS: integer(0, 3_600_000, 10_000),
});

const names = Object.keys(schema.shape);

/** As they stand in the environment. */
export const settingNames: readonly string[] = names.map((name) => `${prefix}${name}`);

/** What the command line takes from the environment for itself; no mistake here. */
const clientNames = ['URL', 'TOKEN', 'TOKEN_FILE'];

/** Reads `DAYMARK_*` from `env`; throws a `ConfigError` that lists every mistake. */
export function readConfig(env: Env): Config {
  const { config, mistakes } = judgeConfig(env);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

export interface JudgedConfig {
  /** Where a setting is not well-formed, its default stands here. */
  readonly config: Config;
  readonly mistakes: readonly string[];
}

export function judgeConfig(env: Env): JudgedConfig {
  const given = settingsIn(env);
  const issues = schema.safeParse(given).error?.issues ?? [];
  // What is well-formed is checked further even where something else is not: all mistakes at once.
  const broken = new Set(issues.map((issue) => issue.path[0]));
  const sound = Object.entries(given).filter(([name]) => !broken.has(name));
  const settings = schema.parse(Object.fromEntries(sound));

  const mistakes = [
    ...Object.keys(given)
      .filter((name) => ![...names, ...clientNames].includes(name))
      .map(unknownName),
    ...issues.map((issue) => `${prefix}${issue.path.join('.')} ${issue.message}.`),
    ...conflictsIn(settings),
  ];
  return { config: Object.freeze(toConfig(settings, env)), mistakes };
}

type Settings = z.output<typeof schema>;

/** What carries the prefix, without it. An empty string counts as unset, as Compose files write it. */
function settingsIn(env: Env): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(prefix) && value) settings[name.slice(prefix.length)] = value;
  }
  return settings;
}

function unknownName(name: string): string {
  const closest = closestTo(name, names);
  const hint = closest === null ? '' : ` Did you mean ${prefix}${closest}?`;
  return `${prefix}${name} is not a setting.${hint}`;
}

/** Mistakes that take more than one setting to see. */
function conflictsIn({ HOST, RAW_DIR, OUTPUT_FILE, ...settings }: Settings): string[] {
  const conflicts: string[] = [];
  const { READ_TOKEN, OPERATE_TOKEN, TLS_CERT_FILE, TLS_KEY_FILE } = settings;
  conflicts.push(...redisConflicts(settings, prefix));
  conflicts.push(...sparkConflicts(settings, prefix));
  conflicts.push(...tokenMistakes({ read: READ_TOKEN, operate: OPERATE_TOKEN }, prefix));
  if (OPERATE_TOKEN.length === 0 && !isLoopback(HOST)) {
    conflicts.push(
      `${prefix}HOST ${HOST} is reachable from other machines, and that needs ${prefix}OPERATE_TOKEN (and ${prefix}READ_TOKEN for those who only read). Set them, or bind to 127.0.0.1.`,
    );
  }
  if ((TLS_CERT_FILE === null) !== (TLS_KEY_FILE === null)) {
    conflicts.push(
      `${prefix}TLS_CERT_FILE and ${prefix}TLS_KEY_FILE belong together. Set both, or neither.`,
    );
  }
  // Over links and mounts it is looked for at start, see `written-places.ts`.
  if (isWithin(resolve(RAW_DIR), resolve(dirname(OUTPUT_FILE)))) {
    conflicts.push(
      `${prefix}OUTPUT_FILE lies inside ${prefix}RAW_DIR, where nothing is ever written. Give it a folder of its own.`,
    );
  }
  return conflicts;
}

function toConfig(settings: Settings, env: Env): Config {
  return {
    host: settings.HOST,
    port: settings.PORT,
    rawDir: settings.RAW_DIR,
    outputFile: settings.OUTPUT_FILE,
    layout: settings.LAYOUT,
    redis: toRedisConfig(settings),
    checkpointKey: settings.CHECKPOINT_KEY,
    checkpointRule: settings.CHECKPOINT_RULE,
    adopt: settings.ADOPT,
    redisTimeoutMs: settings.REDIS_TIMEOUT_MS,
    reconcileIntervalMs: settings.RECONCILE_INTERVAL_MS,
    engine: settings.ENGINE,
    spark: toSparkSettings(settings, withoutOurs(env)),
    sparkFromBytes: settings.SPARK_FROM_BYTES,
    requireSuccessFile: settings.REQUIRE_SUCCESS_FILE,
    rawCtime: settings.RAW_CTIME,
    allowEmptyRaw: settings.ALLOW_EMPTY_RAW,
    identicalFiles: settings.IDENTICAL_FILES,
    requireFinalNewline: settings.REQUIRE_FINAL_NEWLINE,
    ignoredColumns: Object.freeze(settings.IGNORED_COLUMNS),
    readTokens: Object.freeze(settings.READ_TOKEN),
    operateTokens: Object.freeze(settings.OPERATE_TOKEN),
    tls: tlsFilesOf(settings),
    trustProxy: Object.freeze(settings.TRUST_PROXY),
    rateLimit: settings.RATE_LIMIT,
    loginLimit: settings.LOGIN_LIMIT,
    maxLoopDelayMs: settings.MAX_LOOP_DELAY_MS,
    maxHeapBytes: settings.MAX_HEAP_BYTES,
    maxRssBytes: settings.MAX_RSS_BYTES,
    maxEventStreams: settings.MAX_EVENT_STREAMS,
    eventHeartbeatMs: settings.EVENT_HEARTBEAT_MS,
    logLevel: settings.LOG_LEVEL,
    shutdownTimeoutMs: settings.SHUTDOWN_TIMEOUT_MS,
  };
}

/** For programs that are started: our settings are no business of theirs, least of all the tokens. */
function withoutOurs(env: Env): Record<string, string> {
  const others = Object.entries(env).filter(([name]) => !name.startsWith(prefix));
  return Object.fromEntries(others.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

function tlsFilesOf({ TLS_CERT_FILE, TLS_KEY_FILE }: Settings): TlsFiles | null {
  if (TLS_CERT_FILE === null || TLS_KEY_FILE === null) return null;
  return { certFile: TLS_CERT_FILE, keyFile: TLS_KEY_FILE };
}

function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 4) return address.startsWith('127.');
  return address === '::1' || address.toLowerCase() === 'localhost';
}

function isNetwork(value: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(value) ?? [];
  const family = isIP(address);
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128));
}
