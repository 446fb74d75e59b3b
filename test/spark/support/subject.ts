/** The Spark engine on the shared cluster, and days gathered into one application. */
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import type {
  DayAggregate,
  DayRejection,
  Engine,
  EngineJob,
  EngineSession,
} from '../../../src/core/ports/engine.js';
import {
  type AggregateColumns,
  aggregateColumns,
} from '../../../src/engine/csv/columns/aggregate-columns.js';
import { readCsvFile } from '../../../src/engine/csv/csv-file.js';
import type { FileReader } from '../../../src/engine/day-result.js';
import { createSparkEngine } from '../../../src/engine/spark/engine.js';
import { usualResultRows } from '../../../src/engine/spark/plan.js';
import type { SparkSettings } from '../../../src/engine/spark/settings.js';

const cluster = inject('cluster');

export const describeSpark = describe.skipIf(cluster === null);

/** What a JVM of these tests does is over before it would have paid to optimise it. */
const briefJvm = '-XX:+UseSerialGC -XX:TieredStopAtLevel=1';

/** Small executors, on a machine that has other things to do. */
export const smallConf: Readonly<Record<string, string>> = {
  'spark.executor.memory': '512m',
  'spark.driver.memory': '512m',
  'spark.cores.max': '2',
  'spark.executor.cores': '1',
  'spark.sql.shuffle.partitions': '2',
  'spark.driver.extraJavaOptions': briefJvm,
  'spark.executor.extraJavaOptions': briefJvm,
};

/**
 * Each definition is a query of its own, and of a query over a few rows compiling it takes most of the time. The same
 * expressions, evaluated without being compiled; other tests compile them, as a service does.
 */
export const interpreted: Readonly<Record<string, string>> = {
  ...smallConf,
  'spark.sql.codegen.wholeStage': 'false',
  'spark.sql.codegen.factoryMode': 'NO_CODEGEN',
  'spark.sql.adaptive.enabled': 'false',
};

export function clusterSettings(changes: Partial<SparkSettings> = {}): SparkSettings {
  if (cluster === null) throw new Error('there is no Spark here');
  return {
    master: cluster.master,
    submit: null,
    conf: smallConf,
    staging: null,
    timeoutMs: 280_000,
    explainUpToBytes: 1_073_741_824,
    environment: cluster.environment,
    ...changes,
  };
}

const temporary = realpathSync(tmpdir());

export interface SparkChanges extends Partial<SparkSettings> {
  readonly mostResultRows?: number;
}

/** Over raw days that lie anywhere in the temporary folder. */
export function sparkEngine(
  { mostResultRows = usualResultRows, ...changes }: SparkChanges = {},
  local: FileReader = readCsvFile,
  localColumns: AggregateColumns = aggregateColumns,
): Engine {
  return createSparkEngine({
    settings: clusterSettings(changes),
    mostResultRows,
    rawDir: temporary,
    rawRoot: null,
    stagingRoot: join(temporary, 'daymark-test-spark-staging'),
    local,
    localColumns,
  });
}

/** With what it has read again on this machine. */
export function countingSpark(changes: SparkChanges = {}) {
  const counted = { files: 0, days: 0 };
  const engine = sparkEngine(
    changes,
    (...file) => {
      counted.files += 1;
      return readCsvFile(...file);
    },
    (job) => {
      counted.days += 1;
      return aggregateColumns(job);
    },
  );
  return { engine, counted };
}

/** How long nobody may ask for another day until those that were asked for are read. */
const quietMs = 400;

/**
 * An engine whose days are read together: an application takes seconds to start, and tests that run side by
 * side all ask for a day at about the same time.
 */
export function gathering(engine: Engine): Engine {
  let next: Gathered | null = null;

  const gather = (job: EngineJob): Gathered => {
    next ??= gathered(engine, () => {
      next = null;
    });
    next.add(job);
    return next;
  };

  return {
    name: engine.name,
    close: () => engine.close(),
    aggregate: async (job): Promise<DayAggregate | DayRejection> => {
      job.signal.throwIfAborted();
      return (await gather(job).session).aggregate(job);
    },
  };
}

interface Gathered {
  readonly session: Promise<EngineSession>;
  add(job: EngineJob): void;
}

function gathered(engine: Engine, onBegin: () => void): Gathered {
  const jobs: EngineJob[] = [];
  let begin = () => {};
  let timer: NodeJS.Timeout | undefined;
  const session = new Promise<void>((resolve) => {
    begin = resolve;
  }).then(() => {
    onBegin();
    return closingAfter(engine.session?.(jobs, () => undefined) as EngineSession, jobs.length);
  });
  return {
    session,
    add: (job) => {
      jobs.push(job);
      clearTimeout(timer);
      timer = setTimeout(begin, quietMs);
    },
  };
}

/** Closes itself once so many jobs are done with. */
function closingAfter(session: EngineSession, jobs: number): EngineSession {
  let left = jobs;
  return {
    ...session,
    aggregate: async (job) => {
      try {
        return await session.aggregate(job);
      } finally {
        left -= 1;
        if (left === 0) await session.close();
      }
    },
  };
}
