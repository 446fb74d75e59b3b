/** `daymark.yaml`: the datasets of a service, with every mistake in it at once, each with line and column. */
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { closestTo } from '../model/closest-name.js';
import type { ColumnsSource } from '../model/columns-definition.js';
import type { Definition } from '../model/definition.js';
import { compileTemplate, type PathTemplate } from '../model/path-template.js';
import { readColumnsDefinition } from '../model/read-columns-definition.js';
import { readWideDefinition } from '../model/read-wide-definition.js';
import { type DatasetConfig, datasetSettings } from './dataset-config.js';
import { type DatasetSource, datasetShape, fileSettings, fileShape } from './dataset-shape.js';
import { readYaml, type YamlPath, type YamlText } from './yaml-text.js';

export interface ReadDatasets {
  /** Those without a mistake, in their order. */
  readonly datasets: readonly DatasetConfig[];
  readonly mistakes: readonly string[];
}

export interface DatasetsFile {
  /** Absolute: paths in the text are relative to its folder. */
  readonly path: string;
  /** What mistakes call it. */
  readonly name: string;
}

export function readDatasets(
  text: string,
  { path: file, name: called }: DatasetsFile,
): ReadDatasets {
  const yaml = readYaml(text, called);
  if (yaml.mistakes.length > 0) return { datasets: [], mistakes: yaml.mistakes };
  const { data, error } = fileShape.safeParse(yaml.value);
  if (data === undefined) return { datasets: [], mistakes: shapeMistakes(error, yaml) };
  const mistakes: string[] = [];
  const datasets = yaml.pairs(['datasets']).flatMap(([name]) => {
    const source = data.datasets[name];
    return source === undefined ? [] : (readDataset({ name, source, yaml, file, mistakes }) ?? []);
  });
  if (yaml.pairs(['datasets']).length === 0) {
    mistakes.push(`${yaml.place(['datasets'])} There must be at least one dataset.`);
  }
  return { datasets, mistakes };
}

interface Reading {
  readonly name: string;
  readonly source: DatasetSource;
  readonly yaml: YamlText;
  readonly file: string;
  readonly mistakes: string[];
}

function readDataset(reading: Reading): DatasetConfig | null {
  const { name, source, file } = reading;
  const settings = settingsOf(reading);
  const template = templateOf(reading, settings?.requireSuccessFile ?? false);
  const definition = definitionOf(reading);
  if (settings === null || template === null || definition === null) return null;
  return {
    ...settings,
    name,
    template,
    definition,
    raw: resolve(dirname(file), source.raw),
    rawDir: template.root,
    layout: source.day,
    outputFile: resolve(dirname(file), source.output),
    ignoredColumns: definition.kind === 'wide' ? definition.ignore : [],
    checkpointKey: source.checkpoint ?? `daymark:${name}:last_processed_day`,
  };
}

type Settings = Pick<DatasetConfig, keyof typeof fileSettings>;

const writtenIn = (source: DatasetSource, name: string) =>
  (source as Readonly<Record<string, unknown>>)[name];

/** Null where one of them is not well-formed. */
function settingsOf(reading: Reading): Settings | null {
  const { name, source, mistakes } = reading;
  const before = mistakes.length;
  const values = Object.entries(fileSettings).map(([setting, inFile]) => {
    const { check, default: usual } = datasetSettings[setting as keyof Settings];
    const fallback = setting === 'engine' && source.columns !== undefined ? 'csv' : usual;
    const given = writtenIn(source, inFile) ?? fallback;
    if (given === null) return [setting, null];
    const { data, error } = check.safeParse(String(given));
    for (const { message } of error?.issues ?? []) {
      tell(reading, [inFile], `${inFile} of ${name} ${message}.`);
    }
    return [setting, data];
  });
  if (
    source.columns !== undefined &&
    ![undefined, 'csv'].includes(writtenIn(source, 'engine') as string)
  ) {
    tell(reading, ['engine'], 'Columns are read by the engine csv; leave engine out.');
  }
  return mistakes.length > before ? null : (Object.fromEntries(values) as Settings);
}

function templateOf(reading: Reading, requireSuccessFile: boolean): PathTemplate | null {
  const { source, file } = reading;
  const compiled = compileTemplate(source.raw, source.day, { requireSuccessFile });
  if ('template' in compiled) {
    const { template } = compiled;
    return { ...template, root: resolve(dirname(file), template.root) };
  }
  for (const { message, at } of compiled.mistakes) tell(reading, ['raw'], message, at);
  return null;
}

function definitionOf(reading: Reading): Definition | null {
  const { wide, columns } = reading.source;
  if ((wide === undefined) === (columns === undefined)) {
    tell(reading, [], eitherOr);
    return null;
  }
  return wide === undefined ? columnsDefinition(reading) : wideOf(reading, wide);
}

const eitherOr =
  'A dataset has either columns, with by and measures, or wide, for files with one column for each category.';

const usualRange = { from: 0, to: 23 };

function wideOf(reading: Reading, wide: NonNullable<DatasetSource['wide']>): Definition | null {
  const { source, yaml, name } = reading;
  const others = (['by', 'measures', 'csv', 'day_column'] as const).filter(
    (each) => source[each] !== undefined,
  );
  for (const each of others) {
    tell(reading, [each], `${each} stands beside columns; wide has its own.`);
  }
  const by = yaml.pairs(['datasets', name, 'wide', 'by']).map(([output]) => {
    const raw = wide.by?.[output] ?? output;
    const { column, from, to } = typeof raw === 'string' ? { column: raw, ...usualRange } : raw;
    return { name: output, column, least: from, most: to };
  });
  const read = readWideDefinition({
    dayKind: source.day,
    by,
    ignore: wide.ignore ?? [],
    ...(source.day_name && { dayName: source.day_name }),
    ...(wide.day_column && { dayColumn: wide.day_column }),
    ...(wide.category && { category: wide.category }),
    ...(wide.value && { value: wide.value }),
  });
  for (const { path, message } of read.mistakes) tell(reading, path, message);
  return read.mistakes.length + others.length > 0 ? null : read.definition;
}

function columnsDefinition(reading: Reading): Definition | null {
  const { source, yaml, name } = reading;
  const pairs = (key: string) =>
    yaml.pairs(['datasets', name, key]).map(([left, right]) => [left, String(right)] as const);
  const { csv, day_name: dayName, day_column: dayColumn } = source;
  const given: ColumnsSource = {
    dayKind: source.day,
    columns: pairs('columns'),
    by: (source.by ?? []).map(keyText),
    measures: pairs('measures'),
    ...(dayName !== undefined && { dayName }),
    ...(dayColumn !== undefined && { dayColumn }),
    csv: Object.fromEntries(Object.entries(csv ?? {}).filter(([, value]) => value !== undefined)),
  };
  const read = readColumnsDefinition(given);
  if (read.kind === 'definition') return read.definition;
  for (const { path, at, message } of read.mistakes) tell(reading, path, `${message}.`, at);
  return null;
}

/** `- hour: hour(x)` without quotes is a map in YAML. */
function keyText(key: NonNullable<DatasetSource['by']>[number]): string {
  if (typeof key === 'string') return key;
  return Object.entries(key)
    .map((pair) => pair.join(': '))
    .join(', ');
}

function tell(
  { name, yaml, mistakes }: Reading,
  path: YamlPath,
  message: string,
  at?: number | null,
) {
  const place = yaml.place(['datasets', name, ...path], at ?? null);
  mistakes.push(`${place} ${message.charAt(0).toUpperCase()}${message.slice(1)}`);
}

/** Of keys that are unknown, of values that are of another kind. */
function shapeMistakes(error: z.ZodError | undefined, yaml: YamlText): string[] {
  return (error?.issues ?? []).flatMap((issue) => {
    const path = issue.path as YamlPath;
    if (issue.code !== 'unrecognized_keys') {
      return [`${yaml.place(path)} ${path.join('.') || 'The file'}: ${issue.message}.`];
    }
    return issue.keys.map((key) => {
      const known = path.length === 2 ? Object.keys(datasetShape.shape) : [];
      const closest = closestTo(key, known);
      const hint = closest === null ? '' : ` Did you mean ${closest}?`;
      return `${yaml.place([...path, key])} ${key} is not known here.${hint}`;
    });
  });
}
