/** One dataset with everything that belongs to it: days, output and checkpoint, and the parts that manage them. */
import { basename } from 'node:path';
import type { Logger } from 'pino';
import { createEmbeddedCheckpoint, fileTimeoutMs } from './checkpoint/embedded.js';
import { createRedisCheckpoint, type RedisCheckpointOptions } from './checkpoint/redis.js';
import type { Config } from './config/config.js';
import { checkPlaces, inTermsOf } from './config/config-files.js';
import type { RefuseIntrusion } from './config/neighbours.js';
import { writerSettingsOf } from './config/writer-settings.js';
import { createControlPlane } from './core/create-control-plane.js';
import type { CheckpointStore } from './core/ports/checkpoint.js';
import type { Engine } from './core/ports/engine.js';
import { givenUpWhile, type RunSlots } from './core/run-slots.js';
import { knowPlace } from './disk/answerer.js';
import type { Disk } from './disk/disk.js';
import { hangIn } from './disk/waits.js';
import { createCsvEngine } from './engine/csv/engine.js';
import type { DuckDb } from './engine/duckdb/duckdb.js';
import { duckDbEngineOn } from './engine/duckdb/engine.js';
import { duckDbLack } from './engine/duckdb/lack.js';
import { createLookAtParquet } from './engine/duckdb/look-at-file.js';
import { createPlainCheck } from './engine/duckdb/plain/check-plain.js';
import { createSqlEngine } from './engine/duckdb/sql/engine.js';
import { seePlain } from './engine/duckdb/sql/see-plain.js';
import { findSameTexts } from './engine/same-texts.js';
import { createScanEngine } from './engine/scan/engine.js';
import { createSparkEngine } from './engine/spark/engine.js';
import { canonicalOnThread } from './engine/threads/canonical-on-thread.js';
import { columnsOnThread } from './engine/threads/columns-on-thread.js';
import { readOnThread } from './engine/threads/read-on-thread.js';
import type { ThreadPool, Threads } from './engine/threads/thread-pool.js';
import type { Readiness, ServedDataset } from './http/app-options.js';
import { shapeOf } from './model/definition.js';
import type { EngineName } from './model/engine.js';
import { unreadBy } from './model/file-form.js';
import { endingsOf } from './model/template-rules.js';
import { createOpening, type Opening } from './opening.js';
import { createOutputStore } from './output/output-store.js';
import { createRunFiles } from './output/run-files.js';
import { type StateFolder, stateFolderOf } from './output/state-folder.js';
import { createRawStore } from './raw/raw-store.js';
import type { DatasetMetrics, Metrics } from './telemetry/metrics.js';
import { createObserver } from './telemetry/observer.js';
import { createReadiness, notOpen } from './telemetry/readiness.js';
import type { DatasetTracing, Tracing } from './telemetry/tracing/tracing.js';

/** What the datasets of a service share. */
export interface SharedParts {
  readonly disk: Disk;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly pool: ThreadPool;
  /** What is to be kept apart, and tried as each is opened; null for a single one, tried with its settings. */
  readonly neighbours: RefuseIntrusion | null;
  readonly slots: RunSlots;
  /** Null where its binary is missing: `duckDbLack` has the sentence. */
  readonly duckdb: DuckDb | null;
  /** Where Redis is, and a connection to it; null if it is not configured. */
  readonly redis: Pick<RedisCheckpointOptions, 'target' | 'connect'> | null;
}

export interface Dataset extends ServedDataset, Opening {
  readiness(): Promise<Readiness>;
  /** Ends its runs; then `close` releases everything else. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** The one that `config` describes. */
export function createDataset(config: Config, shared: SharedParts): Dataset {
  const { dataset: settings } = config;
  const { name } = settings;
  const folder = stateFolderOf(settings.outputFile);
  const { definition, template } = settings;
  const rawDir = template.root;
  const places = [rawDir, folder.outputFolder];
  for (const place of places) knowPlace(place);
  const hangs = () => hangIn(places) !== null;
  const logger = shared.logger.child({ dataset: name });
  const metrics = shared.metrics.of(name);
  const tracing = shared.tracing.of(name);
  const observer = tracing.observer(createObserver({ logger, metrics }));
  const checkpoint = tracing.checkpoint(checkpointOf(config, folder, shared.redis));
  const { duckdb } = shared;
  const pool = shared.pool.share(hangs);
  const engines = enginesOf(config, { rawDir, folder, pool, duckdb, tracing });
  const lack = settings.engine === 'duckdb' && engines.has('csv') ? duckDbLack() : null;
  const defaultEngine = lack === null ? settings.engine : 'csv';
  const writer = { dataset: name, settings: writerSettingsOf(config) };
  const raw = createRawStore({
    template,
    requireSuccessFile: settings.requireSuccessFile,
    withChangeTimes: settings.rawCtime,
  });
  const output = createOutputStore({
    folder,
    shape: shapeOf(definition),
    writer,
    disk: shared.disk,
  });
  const history = createRunFiles({
    folder,
    disk: shared.disk,
    onUnreadable: (path, reason) => {
      const sentence = `The record of a run cannot be read, ${path}: ${reason}`;
      observer.warning(sentence);
      running.note([sentence]);
    },
  });

  const running = createControlPlane({
    definition,
    raw,
    output: tracing.output(output),
    checkpoint,
    checkpointTimeoutMs: config.redis?.timeoutMs ?? fileTimeoutMs,
    watchIntervalMs: config.reconcileIntervalMs,
    history,
    engines,
    defaultEngine,
    sparkFromBytes: config.sparkFromBytes,
    fileChecks: {
      identicalFiles: settings.identicalFiles,
      requireFinalNewline: settings.requireFinalNewline,
      findSameTexts,
    },
    adopt: settings.adopt,
    allowEmptyRaw: settings.allowEmptyRaw,
    say: settings.say,
    checkpointRule: settings.checkpointRule,
    settings: writer.settings,
    observer,
    runScope: tracing.runScope,
    slots: givenUpWhile(hangs, shared.slots),
  });
  const controlPlane = tracing.controlPlane(running);
  if (lack !== null) {
    observer.warning(lack);
    running.note([lack]);
  }

  const opening = createOpening({
    name,
    places,
    logger,
    open: async () => {
      if (shared.neighbours !== null) await checkPlaces(config, shared.neighbours);
      await inTermsOf(settings, () => running.start());
    },
  });
  const checks = createReadiness({
    rawDir,
    folder,
    disk: shared.disk,
    checkpoint,
    publication: output.publication,
    glance: controlPlane.glance,
  });
  const readiness = async () => {
    const why = opening.refusal();
    return why === null ? checks() : notOpen(why);
  };
  watch(metrics, { ...opening, readiness, survey: () => controlPlane.survey() });

  return {
    ...opening,
    name,
    raw: settings.raw,
    outputFile: folder.output,
    outputName: basename(folder.output),
    checkpointKey: shared.redis === null ? null : settings.checkpointKey,
    defaultEngine,
    controlPlane,
    readiness,
    stop: async () => {
      opening.giveUp();
      await running.stop();
    },
    close: async () => {
      await checkpoint.close();
      await raw.close();
      for (const engine of engines.values()) await engine.close();
    },
  };
}

interface Watched extends Pick<Dataset, 'refusal' | 'readiness'> {
  survey(): Promise<unknown>;
}

function watch(metrics: DatasetMetrics, { refusal, readiness, survey }: Watched): void {
  metrics.watchChecks(readiness);
  metrics.watchLooks(async () => {
    const why = refusal();
    if (why !== null) throw new Error(why);
    return survey();
  });
}

function enginesOf(
  { spark, dataset }: Config,
  parts: {
    readonly rawDir: string;
    readonly folder: StateFolder;
    readonly pool: Threads;
    readonly duckdb: DuckDb | null;
    readonly tracing: DatasetTracing;
  },
): Map<EngineName, Engine> {
  const { rawDir, folder, pool, duckdb, tracing } = parts;
  if (dataset.definition.kind === 'sql') {
    if (duckdb === null) return new Map();
    const writeCanonical = canonicalOnThread(pool);
    const see = seePlain(createPlainCheck(pool));
    const reading = { see, lookAtParquet: createLookAtParquet(pool), writeCanonical };
    const engine = createSqlEngine({ duckdb, ...reading, rowsRoot: folder.rows });
    return new Map([[engine.name, tracing.engine(engine)]]);
  }
  const reference = readOnThread(pool);
  const localColumns = columnsOnThread(pool);
  const scan = createScanEngine({ reference, pool });
  const engines: Engine[] = [createCsvEngine(reference, localColumns)];
  // Each reads only its own.
  if (dataset.definition.kind === 'wide') engines.push(scan);
  else if (duckdb !== null) engines.push(duckDbEngineOn(pool, duckdb));
  if (spark !== null) {
    const places = { rawDir, rawRoot: dataset.sparkRawRoot, stagingRoot: folder.spark };
    const means = { settings: spark, local: scan.readFile, localColumns };
    engines.push(createSparkEngine({ ...places, ...means }));
  }
  const endings = endingsOf(dataset.template);
  const able = engines.filter(({ name }) => unreadBy(name, endings).length === 0);
  return new Map(able.map((engine) => [engine.name, tracing.engine(engine)]));
}

function checkpointOf(
  { dataset: { checkpointKey }, redis: settings }: Config,
  folder: StateFolder,
  redis: SharedParts['redis'],
): CheckpointStore {
  if (settings === null || redis === null)
    return createEmbeddedCheckpoint({ path: folder.checkpoint });
  return createRedisCheckpoint({ ...redis, key: checkpointKey, timeoutMs: settings.timeoutMs });
}
