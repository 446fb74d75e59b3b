import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Engine } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import type { AggregateColumns } from '../csv/columns/aggregate-columns.js';
import type { FileReader } from '../day-result.js';
import type { SparkMeans } from './day-work.js';
import { usualResultRows } from './plan.js';
import { openSession } from './session.js';
import type { SparkSettings } from './settings.js';

export interface SparkEngineOptions {
  readonly settings: SparkSettings;
  readonly rawDir: string;
  /** The same as the cluster sees it, a URI; null where it is this machine's own folder. */
  readonly rawRoot: string | null;
  /** Used where the settings name no staging folder. */
  readonly stagingRoot: string;
  /** Reads the files that are odd: what it says of them holds. */
  readonly local: FileReader;
  /** Reads the days of `columns` in which something is odd. */
  readonly localColumns: AggregateColumns;
  /** The most rows that a query may come to; tests shrink it. */
  readonly mostResultRows?: number;
}

/** How long an application that is called off has to leave its cluster, until it is killed. */
const graceMs = 6_000;

/** For days that no longer fit one machine: one application on an existing cluster for all days of a run. */
export function createSparkEngine(options: SparkEngineOptions): Engine {
  const { settings, local, localColumns, mostResultRows = usualResultRows } = options;
  const means: SparkMeans = {
    settings,
    local,
    localColumns,
    graceMs,
    mostResultRows,
    stagingRoot: settings.staging ?? options.stagingRoot,
    uriOf: (file) => uriOf(file, options.rawDir, options.rawRoot),
  };
  return {
    name: 'spark',
    aggregate: async (job) => {
      const session = openSession([job], means, () => undefined);
      try {
        return await session.aggregate(job);
      } finally {
        await session.close();
      }
    },
    session: (jobs, onProgress) => openSession(jobs, means, onProgress),
    close: async () => undefined,
  };
}

/** Every name is encoded: it may hold what means something in a URI. */
export function uriOf({ path }: Pick<RawFile, 'path'>, rawDir: string, rawRoot: string | null) {
  // Paths of raw files have their links resolved.
  const root = realpathSync(rawDir);
  const base = rawRoot ?? pathToFileURL(root).href;
  const names = relative(root, path).split(sep).map(encodeURIComponent);
  return [base.replace(/\/+$/, ''), ...names].join('/');
}
