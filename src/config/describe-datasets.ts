/** What only DuckDB can tell of a file of datasets: the columns of a SELECT's result, and what is wrong with it. */
import type { DuckDb } from '../engine/duckdb/duckdb.js';
import { type DescribedSql, describeSql } from '../engine/duckdb/sql/describe-sql.js';
import type { SqlDeclaration, SqlDefinition } from '../model/sql-definition.js';
import type { DatasetConfig, DeclaredDataset } from './dataset-config.js';
import { byPlace, type ReadDatasets } from './datasets-file.js';

export interface DescribedDatasets {
  /** Those without a mistake, in their order. */
  readonly datasets: readonly DatasetConfig[];
  readonly mistakes: readonly string[];
}

/** `lack` says why there is no DuckDB; null if there is one, which is opened only if it is needed. */
export async function describeDatasets(
  read: ReadDatasets,
  open: () => DuckDb,
  lack: string | null = null,
): Promise<DescribedDatasets> {
  const { datasets } = read;
  if (read.selects.length === 0) return { ...read, datasets: datasets.filter(isDescribed) };
  const db = lack === null ? open() : null;
  try {
    return await describeAll(read, (declaration) =>
      db === null ? wrong(lack ?? '') : describe(declaration, db),
    );
  } finally {
    await db?.close();
  }
}

export function isDescribed(dataset: DeclaredDataset): dataset is DatasetConfig {
  return dataset.definition.kind !== 'sql';
}

async function describeAll(
  { datasets, mistakes, selects, tell }: ReadDatasets,
  ask: (declaration: SqlDeclaration) => DescribedSql | Promise<DescribedSql>,
): Promise<DescribedDatasets> {
  const definitions = new Map<string, SqlDefinition>();
  const all = [...mistakes];
  for (const { dataset, declaration } of selects) {
    const found = await ask(declaration);
    if (found.kind === 'definition') definitions.set(dataset, found.definition);
    else all.push(...found.mistakes.map((each) => tell(dataset, each)));
  }
  const described = datasets.flatMap((dataset) => {
    if (isDescribed(dataset)) return [dataset];
    const definition = definitions.get(dataset.name);
    return definition === undefined ? [] : [{ ...dataset, definition }];
  });
  return { datasets: described, mistakes: all.toSorted(byPlace) };
}

/** It only reads the text: one that takes longer computes something. */
const mostMs = 30_000;

async function describe(declaration: SqlDeclaration, db: DuckDb): Promise<DescribedSql> {
  try {
    return await describeSql(db, declaration, AbortSignal.timeout(mostMs));
  } catch (error) {
    const { name, message } = error as Error;
    const why = name === 'TimeoutError' ? `no answer within ${mostMs / 1000} seconds` : message;
    return wrong(`DuckDB could not read it: ${why}`);
  }
}

function wrong(message: string): DescribedSql {
  const sentence = message.replace(/\.$/, '');
  return { kind: 'mistakes', mistakes: [{ path: ['sql'], at: null, message: sentence }] };
}
