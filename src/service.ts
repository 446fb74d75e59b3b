/** Wires the parts into a service. Everything it needs is passed in; nothing here reads the environment. */

import { availableParallelism } from 'node:os';
import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { redisTarget } from './checkpoint/redis-settings.js';
import { shareRedisConnection } from './checkpoint/shared-connection.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/config-error.js';
import { type DatasetConfig, sharingMistakes } from './config/dataset-config.js';
import { createNeighbours } from './config/neighbours.js';
import { type Certificate, readCertificate, readRedisTls } from './config/pem-files.js';
import type { ControlPlane } from './core/control-plane.js';
import { createRunSlots } from './core/run-slots.js';
import { createDataset, type Dataset, type SharedParts } from './dataset.js';
import { type Disk, nodeDisk } from './disk/disk.js';
import { createDuckDb } from './engine/duckdb/child-process.js';
import type { DuckDb } from './engine/duckdb/duckdb.js';
import { duckDbLack } from './engine/duckdb/lack.js';
import { sharesOf } from './engine/duckdb/shares.js';
import { ThreadPool } from './engine/threads/thread-pool.js';
import { createApp } from './http/app.js';
import { inTime } from './process/time-limit.js';
import { version } from './process/version.js';
import { createMetrics } from './telemetry/metrics.js';
import { readinessOfAll } from './telemetry/readiness.js';
import { noTracing, type Tracing } from './telemetry/tracing/tracing.js';

export interface ServiceOptions {
  readonly logger: Logger;
  /** Where the audit log is written; `logger` by default. */
  readonly auditLogger?: Logger;
  /** Replaced by tests that record, count or fail file operations of the output. */
  readonly disk?: Disk;
  /** None by default. */
  readonly tracing?: Tracing;
  /** The first answers at the short routes. By default, the one of `config`. */
  readonly datasets?: readonly [DatasetConfig, ...DatasetConfig[]];
}

export interface Service {
  readonly app: FastifyInstance;
  /** Of the first dataset. */
  readonly controlPlane: ControlPlane;
  /** Checks the places, and loads the history. Nothing listens yet. Throws UnfitPlace, where there is one dataset. */
  open(): Promise<void>;
  /** The same, and listens; resolves with the address. */
  start(): Promise<string>;
  /**
   * Takes a renewed certificate and key from their files: new connections get them, those there are stay.
   * Throws a `ConfigError` if the files are not valid, and keeps the old ones. Null without TLS.
   */
  renewCertificate(): Certificate | null;
  /** In phases: refuse new runs, end or interrupt the active ones, close the server, let go of Redis. */
  stop(): Promise<void>;
}

/** Of several datasets, one that has not been opened by then is opened while the others are served. */
const openingMs = 5_000;

export function createService(config: Config, options: ServiceOptions): Service {
  const { logger, auditLogger = logger, datasets: wanted = config.datasets } = options;
  const mistakes = sharingMistakes(wanted, config.redis !== null);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const certificate = config.tls === null ? null : readCertificate(config.tls);
  const shared = sharedParts(config, options, wanted);
  const { metrics, tracing, pool, duckdb } = shared;
  const [first, ...others] = wanted;
  const datasets = [
    createDataset({ ...config, dataset: first }, shared),
    ...others.map((dataset) => createDataset({ ...config, dataset }, shared)),
  ] as const;

  const app = createApp({
    datasets,
    logger,
    metrics,
    traceRequests: tracing.requests,
    auditLogger,
    tokens: config.tokens,
    rateLimits: {
      requestsPerMinute: config.rateLimit,
      wrongTokensPerMinute: config.loginLimit,
    },
    pressureBounds: config,
    certificate,
    trustProxy: config.trustProxy,
    readiness: readinessOfAll(datasets),
    version,
    eventStreams: { max: config.maxEventStreams, heartbeatMs: config.eventHeartbeatMs },
  });

  const open = () => openAll(datasets);

  return {
    app,
    controlPlane: datasets[0].controlPlane,
    open,
    start: async () => {
      await open();
      return app.listen({ host: config.host, port: config.port });
    },
    renewCertificate: () => {
      if (config.tls === null) return null;
      const renewed = readCertificate(config.tls);
      (app.server as unknown as TlsServer).setSecureContext(renewed);
      return renewed;
    },
    stop: async () => {
      // Clients that wait for an active run are answered before the server closes under them.
      await Promise.all(datasets.map((dataset) => dataset.stop()));
      await app.close();
      await Promise.all(datasets.map((dataset) => dataset.close()));
      await pool.close();
      await duckdb?.close();
      await tracing.close();
    },
  };
}

async function openAll(datasets: readonly Dataset[]): Promise<void> {
  const [only, ...others] = datasets;
  if (only !== undefined && others.length === 0) return only.open();
  await Promise.all(datasets.map((dataset) => inTime(dataset.keepOpening(), openingMs)));
}

function sharedParts(
  config: Config,
  options: ServiceOptions,
  wanted: readonly DatasetConfig[],
): SharedParts {
  const { logger, disk = nodeDisk, tracing = noTracing } = options;
  const metrics = createMetrics();
  const slots = createRunSlots(config.maxActiveRuns ?? availableParallelism());
  const redis = redisOf(config);
  const pool = new ThreadPool();
  const neighbours = wanted.length > 1 ? createNeighbours(wanted) : null;
  const duckdb = duckDbOf(config, Math.min(wanted.length, slots.most));
  return { logger, disk, tracing, metrics, slots, redis, pool, duckdb, neighbours };
}

/** No process starts before the first query. */
function duckDbOf(config: Config, atOnce: number): DuckDb | null {
  return duckDbLack() === null ? createDuckDb(sharesOf(config, atOnce)) : null;
}

function redisOf({ redis }: Config): SharedParts['redis'] {
  if (redis === null) return null;
  const target = redisTarget(redis, readRedisTls(redis.tlsFiles));
  if (target.cluster.length > 0) return { target };
  return { target, connect: shareRedisConnection(target, redis.timeoutMs) };
}
