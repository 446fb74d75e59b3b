/** `daymark.yaml`: the datasets of a service, or every mistake in the file at once, each with line and column. */

import type { DefinitionMistake } from '../model/check-columns.js';
import { closestTo } from '../model/closest-name.js';
import type { SqlDeclaration } from '../model/sql-definition.js';
import { type DeclaredDataset, sharedBetween } from './dataset-config.js';
import type { Reading } from './dataset-reading.js';
import { datasetNames, datasetShape, nameRule, textMaps } from './dataset-shape.js';
import { readDataset } from './read-dataset.js';
import { sentenceOf } from './read-definition.js';
import { variableOf } from './setting.js';
import { readSound } from './shape-mistakes.js';
import { needsSpark, sparkNeed } from './spark-config.js';
import { readYaml, type YamlPath, type YamlText } from './yaml-text.js';

export interface ReadDatasets {
  /** Those without a mistake, in their order. */
  readonly datasets: readonly DeclaredDataset[];
  readonly mistakes: readonly string[];
  /** What DuckDB is still to be asked about, of datasets with other mistakes, too. */
  readonly selects: readonly DeclaredSelect[];
  /** One in the definition of a dataset, with its place. */
  tell(dataset: string, mistake: DefinitionMistake): string;
}

export interface DeclaredSelect {
  readonly dataset: string;
  readonly declaration: SqlDeclaration;
}

export interface DatasetsFile {
  /** Absolute: paths in the text are relative to its folder. */
  readonly path: string;
  /** What mistakes call it. */
  readonly name: string;
  /** Whether checkpoints are kept in Redis, where each dataset needs its own key. */
  readonly hasRedis: boolean;
  /** Whether a cluster is known. */
  readonly hasSpark: boolean;
}

const mostDatasets = 1_000;

export function readDatasets(text: string, file: DatasetsFile): ReadDatasets {
  const yaml = readYaml(text, file.name);
  const selects: DeclaredSelect[] = [];
  const nothing = {
    datasets: [],
    selects,
    tell: (_: string, { message }: DefinitionMistake) => message,
  };
  if (yaml.mistakes.length > 0) return { ...nothing, mistakes: yaml.mistakes };
  const mistakes = topMistakes(yaml);
  const names = yaml.entries(['datasets']);
  if (names.length > mostDatasets) {
    const many = `There are ${names.length} datasets, and ${mostDatasets} are the most for one service.`;
    return {
      ...nothing,
      mistakes: [`${yaml.place(['datasets'])} ${many} Share them out among several.`],
    };
  }
  const datasets = names.flatMap(({ name }) => {
    if (!datasetNames.test(name)) {
      mistakes.push(`${yaml.place(['datasets', name])} ${JSON.stringify(name)} ${nameRule}.`);
    }
    const onSql = (declaration: SqlDeclaration) => selects.push({ dataset: name, declaration });
    return readOne(name, yaml, file, mistakes, onSql) ?? [];
  });
  for (const { name, engine } of datasets) {
    if (file.hasSpark || !needsSpark(engine)) continue;
    mistakes.push(`${yaml.place(['datasets', name, 'engine'])} engine ${sparkNeed(engine)}`);
  }
  for (const { name, key, message } of sharedBetween(datasets, file.hasRedis)) {
    mistakes.push(`${yaml.place(['datasets', name, key])} ${message}`);
  }
  return {
    datasets,
    selects,
    mistakes: mistakes.toSorted(byPlace),
    tell: (name, mistake) =>
      placed(yaml, ['datasets', name, ...mistake.path], sentenceOf(mistake), mistake.at),
  };
}

function placed(yaml: YamlText, path: YamlPath, message: string, at: number | null): string {
  const sentence = at === null ? message : message.charAt(0).toUpperCase() + message.slice(1);
  return `${yaml.place(path, at)} ${sentence}`;
}

export function byPlace(a: string, b: string): number {
  const [[lineA, columnA], [lineB, columnB]] = [placeIn(a), placeIn(b)];
  return lineA - lineB || columnA - columnB;
}

function placeIn(mistake: string): readonly [line: number, column: number] {
  const [, line, column] = /:(\d+):(\d+) /.exec(mistake) ?? [];
  return [Number(line), Number(column)];
}

function topMistakes(yaml: YamlText): string[] {
  const { value } = yaml;
  const example = 'datasets: and, below it, the name of each dataset with its settings';
  if (!isMap(value)) {
    const found = value === null ? 'It is empty' : 'It is not a map';
    return [`${yaml.place([])} ${found}. It begins with ${example}.`];
  }
  const unknown = Object.keys(value).filter((name) => name !== 'datasets');
  const mistakes = unknown.map((name) => `${yaml.place([name])} ${unknownAtTop(name)}`);
  if (!Object.hasOwn(value, 'datasets')) {
    return [...mistakes, `${yaml.place([])} datasets is missing. The file begins with ${example}.`];
  }
  const { datasets } = value;
  if (isMap(datasets) && Object.keys(datasets).length > 0) return mistakes;
  const lack = `There must be at least one dataset: its name and, below it, its settings.`;
  return [...mistakes, `${yaml.place(['datasets'])} ${lack}`];
}

function unknownAtTop(name: string): string {
  if (closestTo(name, ['datasets']) !== null) {
    return `${name} is not known here. Did you mean datasets?`;
  }
  const told = `${name} is not known here; the file holds only datasets.`;
  return Object.hasOwn(datasetShape.shape, name)
    ? `${told} ${name} belongs to a dataset: put it below datasets and the name of a dataset.`
    : `${told} Everything else is set by environment variables such as ${variableOf('redisUrl')}.`;
}

/** Null if anything is wrong with it. */
function readOne(
  name: string,
  yaml: YamlText,
  { path: file }: DatasetsFile,
  mistakes: string[],
  onSql: Reading['onSql'],
): DeclaredDataset | null {
  const within = (path: YamlPath) => ['datasets', name, ...path];
  const value = (yaml.value as { datasets: Record<string, unknown> }).datasets[name];
  if (!isMap(value)) {
    const found = value === null ? 'is empty' : 'must be a map';
    mistakes.push(
      `${yaml.place(within([]))} ${name} ${found}: it needs raw, day, output, and wide or columns.`,
    );
    return null;
  }
  const read = readSound(datasetShape, withTexts(value, yaml, within), (path) =>
    yaml.textAt(within(path)),
  );
  const toldPaths = new Set<string>();
  const before = mistakes.length;
  const tell: Reading['tell'] = (path, message, at = null) => {
    // Nothing more is reported about a value with the wrong shape.
    if (toldPaths.has(path.join('\0'))) return;
    mistakes.push(placed(yaml, within(path), message, at));
  };
  for (const { path, message } of read.mistakes) {
    tell(path, message);
    toldPaths.add(path.join('\0'));
  }
  const dataset = readDataset({
    ...{ name, file, tell, onSql },
    source: read.data,
    has: (key) => Object.hasOwn(value, key),
    entries: (path) => yaml.entries(within(path)),
    isFlow: (path) => yaml.isFlow(within(path)),
  });
  return mistakes.length > before ? null : dataset;
}

/** `2024: integer` names a column, and `fare: 12` an unknown type, which the reader of types reports. */
function withTexts(
  value: Readonly<Record<string, unknown>>,
  yaml: YamlText,
  within: (path: YamlPath) => YamlPath,
): object {
  const maps = textMaps.filter((key) => isMap(value[key]));
  const texts = maps.map((key) => {
    const map = value[key] as Readonly<Record<string, unknown>>;
    const entries = yaml.entries(within([key])).map(({ name, text }) => [name, text ?? map[name]]);
    return [key, Object.fromEntries(entries)];
  });
  return { ...value, ...Object.fromEntries(texts) };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
