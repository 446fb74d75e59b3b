/** The settings of one dataset: where its days are, how they are read, and what is kept of them. */
import { dirname, resolve } from 'node:path';
import { isWithin } from '../disk/is-within.js';
import { checkpointRules } from '../model/checkpoint.js';
import { layoutNames, layoutOf } from '../model/day.js';
import { type Definition, type OwnDefinition, seedDefinition } from '../model/definition.js';
import { engineChoices, localEngineNames } from '../model/engine.js';
import { dayFoldersIn, type PathTemplate } from '../model/path-template.js';
import { adoptRules } from '../model/rules.js';
import { asItIs, type Say } from '../model/setting-names.js';
import type { SqlDeclaration } from '../model/sql-definition.js';
import { stateFolderOf } from '../output/state-folder.js';
import { defaultIgnoredColumns, ignoredColumns } from './ignored-columns.js';
import {
  type Conflict,
  flag,
  oneOf,
  sentencesOf,
  setting,
  text,
  type ValuesOf,
} from './setting.js';

export const datasetSettings = {
  rawDir: setting('data/incremental/raw', text, {
    option: 'every-command',
  }).says('the raw root; only ever read'),
  outputFile: setting(
    'data/processed/orders.csv',
    text.refine((path) => !/[\\/]$/.test(path), 'must name a file, not a folder'),
    { option: 'every-command' },
  ).says('the output; its state is kept next to it, in its own folder: `_daymark/orders.csv/`'),
  layout: setting('index', oneOf(layoutNames), { option: 'every-command' }).says(
    'how days are named: `index` (`0`, `1`, …) or `date` (`2026-11-23`)',
  ),
  requireSuccessFile: setting('false', flag).says(
    'whether a day is ready only when it holds `_SUCCESS`',
  ),
  rawCtime: setting('true', flag).says(
    'whether a raw file counts as changed if only its inode or change time differs; `false` for file systems where these are unreliable (SMB, FUSE, some NFS)',
  ),
  allowEmptyRaw: setting('false', flag).says(
    'accept a raw root that is not mounted, or has lost its days',
  ),
  identicalFiles: setting('fail', oneOf(['fail', 'count'])).says(
    'what to do if raw files of one day hold the same bytes: `fail` the day, because their orders would count twice, or `count` both',
  ),
  requireFinalNewline: setting('false', flag).says(
    'whether a raw file whose last row does not end with a line feed fails its day; otherwise the run warns about it',
  ),
  ignoredColumns: setting(defaultIgnoredColumns.join(), ignoredColumns).says(
    'raw columns that are not categories; `+store,+till` adds two to these, names without `+` replace them',
  ),
  adopt: setting('compare', oneOf(adoptRules)).says(
    'what to do with days that another program wrote into the output: `compare`, the next run aggregates them from their raw files and keeps a copy of the old output; `trust`, Daymark assumes that they match their raw files',
  ),
  engine: setting(localEngineNames[0], oneOf(engineChoices), { option: 'serve' }).says(
    'the engine that reads raw files: `scan`, the fast one; `csv`, the reference; `spark`, all days of a run at once on a cluster; `auto`, `spark` for large runs and the fastest of the others for the rest. Datasets with `columns` have `duckdb` instead of `scan`. All give the same bytes',
  ),
  sparkRawRoot: setting(
    null,
    text.refine(
      (uri) => /^[a-z][a-z0-9+.-]*:\/.+/i.test(uri),
      'must be a URI such as hdfs://namenode/raw, s3a://bucket/raw or file:///mnt/raw',
    ),
    { unset: 'the raw root as a `file://` URI' },
  ).says(
    'the raw root as the cluster sees it: `hdfs://…`, `s3a://…`, `file:///mnt/raw`; for `spark` and `auto`',
  ),
  checkpointKey: setting('incremental:last_processed_day', text).says(
    'the key of the checkpoint in Redis; its value is the bare day, such as `3`',
  ),
  checkpointRule: setting('highest', oneOf(checkpointRules)).says(
    'which day the checkpoint holds: `highest`, the highest processed day, although days below it may be pending; `complete`, the highest day up to which nothing is pending, failed, waiting or damaged',
  ),
};

type Values = ValuesOf<typeof datasetSettings>;

export interface DatasetConfig extends Values {
  readonly name: string;
  /** Where its days are, as people write it. */
  readonly raw: string;
  readonly template: PathTemplate;
  readonly definition: Definition;
  /** Messages about it, in the terms in which it is configured. */
  readonly say: Say;
}

/** As a file declares it. */
export interface DeclaredDataset extends Omit<DatasetConfig, 'definition'> {
  readonly definition: OwnDefinition | SqlDeclaration;
}

/** The job of a service without a file of datasets. */
export function seedDataset(name: string, values: Values): DatasetConfig {
  const { layout, ignoredColumns: ignored } = values;
  const raw = resolve(values.rawDir);
  const template = dayFoldersIn(raw, layoutOf(layout));
  return {
    ...values,
    name,
    raw,
    template,
    definition: seedDefinition(layout, ignored),
    say: asItIs,
  };
}

/** Follows the name of the setting that chooses the engine. */
export const duckDbIsForColumns =
  'duckdb reads only datasets with columns; scan, csv and spark read wide.';

/** `written-places.ts` checks links and mounts on the disk. */
export function datasetConflicts({ rawDir, outputFile, engine }: Values): Conflict[] {
  return [
    [engine === 'duckdb', `DAYMARK_ENGINE ${duckDbIsForColumns}`],
    [
      isWithin(resolve(rawDir), resolve(dirname(outputFile))),
      'DAYMARK_OUTPUT_FILE lies inside DAYMARK_RAW_DIR, where nothing is ever written. Give it a folder of its own.',
    ],
  ];
}

/** Outputs and keys, which two datasets must not share. They may share raw files. */
export function sharingMistakes(datasets: readonly DeclaredDataset[], hasRedis: boolean): string[] {
  return sharedBetween(datasets, hasRedis).map(({ message }) => message);
}

interface Sharing {
  /** The dataset to change, and the key in the file. */
  readonly name: string;
  readonly key: 'output' | 'checkpoint';
  readonly message: string;
}

export function sharedBetween(datasets: readonly DeclaredDataset[], hasRedis: boolean): Sharing[] {
  return datasets.flatMap((a, index) => [
    ...datasets.slice(index + 1).flatMap((b) => sharedBy(a, b, hasRedis)),
    ...datasets
      .filter((b) => b !== a)
      .flatMap((b) => [...outputInRaw(a, b), ...outputInState(a, b)]),
  ]);
}

function sharedBy(a: DeclaredDataset, b: DeclaredDataset, hasRedis: boolean): Sharing[] {
  const both = `The datasets ${a.name} and ${b.name}`;
  const conflicts = {
    output: [
      [a.name === b.name, `Two datasets are called ${a.name}. Rename one.`],
      [
        resolve(a.outputFile) === resolve(b.outputFile),
        `${both} have one output, ${a.outputFile}. Give each a file of its own.`,
      ],
    ],
    checkpoint: [
      [
        hasRedis && a.checkpointKey === b.checkpointKey,
        `${both} have one checkpoint key, ${a.checkpointKey}. Give each a key of its own.`,
      ],
    ],
  } as const satisfies Record<string, readonly Conflict[]>;
  return (['output', 'checkpoint'] as const).flatMap((key) =>
    sentencesOf(conflicts[key]).map((message) => ({ name: b.name, key, message })),
  );
}

function outputInRaw(written: DeclaredDataset, read: DeclaredDataset): Sharing[] {
  if (!isWithin(resolve(read.rawDir), resolve(written.outputFile))) return [];
  const message = `The output of the dataset ${written.name}, ${written.outputFile}, lies in the raw root of ${read.name}, ${read.rawDir}, where nothing is ever written. Move it elsewhere.`;
  return [{ name: written.name, key: 'output', message }];
}

function outputInState(written: DeclaredDataset, other: DeclaredDataset): Sharing[] {
  const { root } = stateFolderOf(other.outputFile);
  if (!isWithin(root, resolve(written.outputFile))) return [];
  const message = `The output of the dataset ${written.name}, ${written.outputFile}, lies in ${root}, where Daymark keeps the state of ${other.name}. Move it elsewhere.`;
  return [{ name: written.name, key: 'output', message }];
}
