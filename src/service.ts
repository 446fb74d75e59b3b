/** Wires the parts into a service. Everything it needs comes in; nothing here reads the environment. */
import { basename, resolve } from 'node:path';
import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createEmbeddedCheckpoint, fileTimeoutMs } from './checkpoint/embedded.js';
import { createRedisCheckpoint } from './checkpoint/redis.js';
import { redisTarget } from './checkpoint/redis-settings.js';
import type { Config } from './config/config.js';
import { type Certificate, readCertificate, readRedisTls } from './config/pem-files.js';
import { writerSettingsOf } from './config/writer-settings.js';
import type { ControlPlane } from './core/control-plane.js';
import { createControlPlane } from './core/create-control-plane.js';
import type { CheckpointStore } from './core/ports/checkpoint.js';
import type { Engine } from './core/ports/engine.js';
import { type Disk, nodeDisk } from './disk/disk.js';
import { createCsvEngine } from './engine/csv/engine.js';
import { findSameTexts } from './engine/same-texts.js';
import { createScanEngine } from './engine/scan/engine.js';
import { createSparkEngine, type SparkEngineOptions } from './engine/spark/engine.js';
import { readOnThread } from './engine/threads/read-on-thread.js';
import { ThreadPool } from './engine/threads/thread-pool.js';
import { createApp } from './http/app.js';
import { layoutOf } from './model/day.js';
import { seedDefinition, shapeOf } from './model/definition.js';
import type { EngineName } from './model/engine.js';
import { dayFoldersIn } from './model/path-template.js';
import { createOutputStore } from './output/output-store.js';
import { createRunFiles } from './output/run-files.js';
import { type StateFolder, stateFolderOf } from './output/state-folder.js';
import { version } from './process/version.js';
import { createRawStore } from './raw/raw-store.js';
import { createMetrics } from './telemetry/metrics.js';
import { createObserver } from './telemetry/observer.js';
import { createReadiness } from './telemetry/readiness.js';
import { noTracing, type Tracing } from './telemetry/tracing/tracing.js';

export interface ServiceOptions {
  readonly logger: Logger;
  /** Where the audit is written; `logger` where there is none of its own. */
  readonly auditLogger?: Logger;
  /** Replaced by tests that record, count or fail file operations of the output. */
  readonly disk?: Disk;
  /** None by default. */
  readonly tracing?: Tracing;
}

export interface Service {
  readonly app: FastifyInstance;
  readonly controlPlane: ControlPlane;
  /** Checks the places, and loads the history. Nothing listens yet. Throws UnfitPlace. */
  open(): Promise<void>;
  /** The same, and listens; resolves with the address. */
  start(): Promise<string>;
  /**
   * Takes a renewed certificate and key from their files: new connections get them, those there are stay.
   * Throws a `ConfigError` where the files are no good, and keeps what there was. Null without TLS.
   */
  renewCertificate(): Certificate | null;
  /** In phases: refuse new runs, end or interrupt the active one, close the server, let go of Redis. */
  stop(): Promise<void>;
}

export function createService(
  config: Config,
  { logger, auditLogger = logger, disk = nodeDisk, tracing = noTracing }: ServiceOptions,
): Service {
  const { dataset } = config;
  const definition = seedDefinition(dataset.layout, dataset.ignoredColumns);
  const layout = layoutOf(definition.dayKind);
  const folder = stateFolderOf(dataset.outputFile);
  const rawDir = resolve(dataset.rawDir);
  const certificate = config.tls === null ? null : readCertificate(config.tls);
  const metrics = createMetrics();
  const observer = tracing.observer(createObserver({ logger, metrics }));
  const checkpoint = tracing.checkpoint(checkpointOf(config, folder));
  const engines = enginesOf(
    config,
    { rawDir, rawRoot: dataset.sparkRawRoot, stagingRoot: folder.spark },
    tracing,
  );

  const settings = writerSettingsOf(config);
  const raw = createRawStore({
    template: dayFoldersIn(rawDir, layout),
    requireSuccessFile: dataset.requireSuccessFile,
    withChangeTimes: dataset.rawCtime,
  });

  const output = createOutputStore({
    folder,
    shape: shapeOf(definition),
    writer: { dataset: dataset.name, settings },
    disk,
  });

  const running = createControlPlane({
    definition,
    raw,
    output: tracing.output(output),
    checkpoint,
    checkpointTimeoutMs: config.redis?.timeoutMs ?? fileTimeoutMs,
    watchIntervalMs: config.reconcileIntervalMs,
    history: createRunFiles({
      folder,
      disk,
      onUnreadable: (path, reason) => {
        const sentence = `The record of a run cannot be read, ${path}: ${reason}`;
        observer.warning(sentence);
        running.note([sentence]);
      },
    }),
    engines,
    defaultEngine: dataset.engine,
    sparkFromBytes: config.sparkFromBytes,
    fileChecks: {
      identicalFiles: dataset.identicalFiles,
      requireFinalNewline: dataset.requireFinalNewline,
      findSameTexts,
    },
    adopt: dataset.adopt,
    allowEmptyRaw: dataset.allowEmptyRaw,
    checkpointRule: dataset.checkpointRule,
    settings,
    observer,
    runScope: tracing.runScope,
  });
  const controlPlane = tracing.controlPlane(running);

  const readiness = createReadiness({
    rawDir,
    folder,
    disk,
    checkpoint,
    publication: output.publication,
    glance: controlPlane.glance,
  });
  metrics.watchChecks(readiness);
  metrics.watchLooks(() => controlPlane.survey());

  const app = createApp({
    controlPlane,
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
    readiness,
    version,
    defaultEngine: dataset.engine,
    outputName: basename(folder.output),
    eventStreams: { max: config.maxEventStreams, heartbeatMs: config.eventHeartbeatMs },
  });

  return {
    app,
    controlPlane,
    open: controlPlane.start,
    start: async () => {
      await controlPlane.start();
      return app.listen({ host: config.host, port: config.port });
    },
    renewCertificate: () => {
      if (config.tls === null) return null;
      const renewed = readCertificate(config.tls);
      (app.server as unknown as TlsServer).setSecureContext(renewed);
      return renewed;
    },
    stop: async () => {
      // Clients that wait for the active run are answered before the server closes under them.
      await controlPlane.stop();
      await app.close();
      await checkpoint.close();
      await raw.close();
      for (const engine of engines.values()) await engine.close();
      await tracing.close();
    },
  };
}

function enginesOf(
  { spark }: Config,
  places: Pick<SparkEngineOptions, 'rawDir' | 'rawRoot' | 'stagingRoot'>,
  tracing: Tracing,
): Map<EngineName, Engine> {
  const pool = new ThreadPool();
  const reference = readOnThread(pool);
  const scan = createScanEngine({ reference, pool });
  const engines: Engine[] = [createCsvEngine(reference), scan];
  if (spark !== null) {
    engines.push(createSparkEngine({ ...places, settings: spark, local: scan.readFile }));
  }
  return new Map(engines.map((engine) => [engine.name, tracing.engine(engine)]));
}

function checkpointOf({ redis, dataset }: Config, folder: StateFolder): CheckpointStore {
  if (redis === null) return createEmbeddedCheckpoint({ path: folder.checkpoint });
  return createRedisCheckpoint({
    target: redisTarget(redis, readRedisTls(redis.tlsFiles)),
    key: dataset.checkpointKey,
    timeoutMs: redis.timeoutMs,
  });
}
