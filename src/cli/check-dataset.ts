/** A preview of a dataset: where its days are, and its first day as a run would write it. Writes nothing. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { checkPlaces } from '../config/config-files.js';
import { type AggregateDayOptions, aggregateDay } from '../core/aggregate-day.js';
import type { Engine } from '../core/ports/engine.js';
import type { IgnoredEntry, RawDay, RawListing } from '../core/ports/raw.js';
import { createCsvEngine } from '../engine/csv/engine.js';
import { createDuckDb } from '../engine/duckdb/child-process.js';
import { duckDbEngineOn } from '../engine/duckdb/engine.js';
import { createLookAtParquet } from '../engine/duckdb/look-at-file.js';
import { sharesOf } from '../engine/duckdb/shares.js';
import { writeCanonical } from '../engine/duckdb/sql/canonical-rows.js';
import { createSqlEngine } from '../engine/duckdb/sql/engine.js';
import { findSameTexts } from '../engine/same-texts.js';
import { ThreadPool } from '../engine/threads/thread-pool.js';
import { namesOf } from '../model/column.js';
import { layoutOf } from '../model/day.js';
import { shapeOf } from '../model/definition.js';
import { moreProblems } from '../model/more-problems.js';
import { ProblemError } from '../model/problems.js';
import { placeOf } from '../model/raw-problem.js';
import type { Row } from '../model/row.js';
import { encodeDay } from '../output/encode.js';
import { UnfitPlace } from '../output/place.js';
import { createRawStore } from '../raw/raw-store.js';

export interface FirstDay {
  readonly day: string;
  readonly records: number;
  readonly rows: number;
  /** The first five. */
  readonly sample: readonly (readonly (string | null)[])[];
  readonly warnings: readonly string[];
}

export interface CheckedDataset {
  readonly dataset: string;
  readonly raw: string;
  readonly output: string;
  readonly columns: readonly string[];
  readonly days: {
    readonly count: number;
    readonly first: string | null;
    readonly last: string | null;
    readonly waiting: readonly { readonly day: string; readonly waitsFor: string }[];
  };
  /** Entries found where days are expected that are not days. */
  readonly ignored: readonly Pick<IgnoredEntry, 'name' | 'reason' | 'likelyDay'>[];
  /** Null if no day is ready, or the first one has errors. */
  readonly firstDay: FirstDay | null;
  /** For people, a sentence each. */
  readonly errors: readonly string[];
}

/** For the dataset that `config` describes. */
export async function checkDataset(config: Config): Promise<CheckedDataset> {
  const { name, raw, outputFile, definition, template, requireSuccessFile, rawCtime } =
    config.dataset;
  const told = {
    ...{ dataset: name, raw, output: outputFile, columns: namesOf(shapeOf(definition)) },
    ...{ days: noDays, ignored: [], firstDay: null },
  };
  const store = createRawStore({ template, requireSuccessFile, withChangeTimes: rawCtime });
  try {
    await checkPlaces(config);
    const listing = await store.list();
    const found = { ...told, ...lookAt(listing) };
    const first = [...listing.days.values()].find(({ ready }) => ready);
    if (first === undefined) return { ...found, errors: [nothingReady(listing)] };
    return { ...found, ...(await firstDayOf(config, store, first)) };
  } catch (error) {
    if (!(error instanceof ProblemError || error instanceof UnfitPlace)) throw error;
    return { ...told, errors: [config.dataset.say(error.message)] };
  } finally {
    await store.close();
  }
}

const noDays: CheckedDataset['days'] = { count: 0, first: null, last: null, waiting: [] };

function lookAt({ days, ignored }: RawListing): Pick<CheckedDataset, 'days' | 'ignored'> {
  const all = [...days.values()];
  const waiting = all.flatMap(({ day, waitsFor }) =>
    waitsFor === null ? [] : [{ day, waitsFor }],
  );
  const [first, last] = [all[0]?.day ?? null, all.at(-1)?.day ?? null];
  return {
    days: { count: all.length, first, last, waiting },
    ignored: ignored
      .filter(({ kind }) => kind !== 'marked')
      .map(({ name, reason, likelyDay }) => ({ name, reason, likelyDay })),
  };
}

function nothingReady({ root, days }: RawListing): string {
  if (days.size === 0) return `No day was found in ${root}.`;
  return days.size === 1
    ? `The one day in ${root} is not ready.`
    : `None of the ${days.size} days in ${root} is ready.`;
}

/** Parquet is read by DuckDB alone, so is `sql`, and everything else by the reference. */
async function withEngine<T>(
  config: Config,
  { files }: RawDay,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const isSql = config.dataset.definition.kind === 'sql';
  const isParquet = files.some(({ form }) => form.format === 'parquet');
  if (!isSql && !isParquet) return use(createCsvEngine());
  const duckdb = createDuckDb(sharesOf(config));
  const pool = new ThreadPool({ size: 1 });
  // Nothing of the output's folder is written.
  const rowsRoot = await mkdtemp(join(tmpdir(), 'daymark-check-'));
  try {
    const lookAtParquet = createLookAtParquet(pool);
    return await use(
      isSql
        ? createSqlEngine({ duckdb, lookAtParquet, writeCanonical, rowsRoot })
        : duckDbEngineOn(pool, duckdb),
    );
  } finally {
    await duckdb.close();
    await pool.close();
    await rm(rowsRoot, { recursive: true, force: true });
  }
}

async function firstDayOf(
  config: Config,
  raw: AggregateDayOptions['raw'],
  { day }: RawDay,
): Promise<Pick<CheckedDataset, 'firstDay' | 'errors'>> {
  const { definition, identicalFiles, requireFinalNewline, say } = config.dataset;
  const settled = await raw.settle(day);
  if (settled === null) return { firstDay: null, errors: [`day ${day}: it is gone.`] };
  const shape = shapeOf(definition);
  const output = { encode: (of: typeof day, rows: readonly Row[]) => encodeDay(shape, of, rows) };
  const fileChecks = { identicalFiles, requireFinalNewline, findSameTexts };
  const layout = layoutOf(definition.dayKind);
  const options = { ...{ layout, raw, output, definition, shape, fileChecks, say } };
  const made = await withEngine(config, settled, (engine) =>
    aggregateDay(
      { ...options, engine },
      { kind: 'settled', raw: settled },
      new AbortController().signal,
      () => {},
    ),
  );
  if (made.kind === 'failed') {
    const { problems, detail } = made.error;
    const more = moreProblems(made.error, problems.length);
    const errors = problems.length === 0 ? [detail] : problems.map(placeOf);
    const counted = more === null ? errors : [...errors, `and ${more}`];
    return { firstDay: null, errors: counted.map((error) => `day ${day}: ${error}`) };
  }
  const { records, rows, warnings } = made;
  const sample = rows.slice(0, 5).map(({ key, values }) => [day, ...key, ...values]);
  return { firstDay: { day, records, rows: rows.length, sample, warnings }, errors: [] };
}
