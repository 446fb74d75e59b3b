/** One dataset of a file, from its valid parts. */
import { basename, dirname, resolve } from 'node:path';
import { isWithin } from '../disk/is-within.js';
import type { DefinitionMistake } from '../model/check-columns.js';
import { type RawColumnsSource, tab } from '../model/columns-definition.js';
import { type LayoutName, layoutNames } from '../model/day.js';
import type { EngineChoice } from '../model/engine.js';
import { fileFormOf, unreadBy } from '../model/file-form.js';
import { compileTemplate, type PathTemplate } from '../model/path-template.js';
import { readColumnsDefinition } from '../model/read-columns-definition.js';
import { readSqlDefinition } from '../model/read-sql-definition.js';
import { readWideDefinition } from '../model/read-wide-definition.js';
import { inFile } from '../model/setting-names.js';
import type { SqlDeclaration } from '../model/sql-definition.js';
import { endingsOf } from '../model/template-rules.js';
import {
  type DatasetConfig,
  type DeclaredDataset,
  datasetSettings,
  duckDbIsForColumns,
} from './dataset-config.js';
import { type DatasetSource, fileKeys, fileSettings } from './dataset-shape.js';
import type { YamlEntry, YamlPath } from './yaml-text.js';

export interface Reading {
  readonly name: string;
  readonly source: Partial<DatasetSource>;
  /** Absolute. */
  readonly file: string;
  /** Whether there is a value, valid or not. */
  has(key: string): boolean;
  /** Paths are within the dataset. */
  entries(path: YamlPath): readonly YamlEntry[];
  isFlow(path: YamlPath): boolean;
  tell(path: YamlPath, message: string, at?: number | null): void;
  /** Called with a `sql` that is well-formed as far as the file tells, whatever else is wrong. */
  onSql(declaration: SqlDeclaration): void;
}

/** Reports all mistakes. Null if there are too many to go on. */
export function readDataset(reading: Reading): DeclaredDataset | null {
  const { name, source, file } = reading;
  const settings = settingsOf(source);
  const template = templateOf(reading, settings);
  const definition = definitionOf(reading);
  if (definition?.kind === 'sql') reading.onSql(definition);
  const { raw, day, output } = source;
  const outputFile = output === undefined ? null : outputOf(reading, output, template);
  if (template !== null) {
    checkEngine(reading, settings, template);
    checkTextForm(reading, template);
  }
  if (template === null || definition === null || outputFile === null) return null;
  if (raw === undefined || day === undefined) return null;
  return {
    ...settings,
    name,
    template,
    definition,
    say: inFile(name, basename(file), fileKeys),
    raw: resolve(dirname(file), raw),
    rawDir: template.root,
    layout: day,
    outputFile,
    ignoredColumns: definition.kind === 'wide' ? definition.ignore : [],
    checkpointKey: source.checkpoint ?? `daymark:${name}:last_processed_day`,
  };
}

type Settings = Pick<DatasetConfig, keyof typeof fileSettings>;

const writtenIn = (source: Partial<DatasetSource>) => source as Readonly<Record<string, unknown>>;

/** The shape has checked those that are present. */
function settingsOf(source: Partial<DatasetSource>): Settings {
  const values = Object.entries(fileSettings).map(([setting, inFile]) => {
    const { check, default: usual } = datasetSettings[setting as keyof Settings];
    const fallback = setting === 'engine' ? (usualEngine(source) ?? usual) : usual;
    const given = writtenIn(source)[inFile] ?? fallback;
    return [setting, given === null ? null : check.parse(String(given))];
  });
  return Object.fromEntries(values) as Settings;
}

function usualEngine({ columns, sql }: Partial<DatasetSource>): EngineChoice | null {
  if (sql !== undefined) return 'duckdb';
  return columns === undefined ? null : 'duckdb';
}

/** If the kind of day is unknown, reports only what is wrong for every kind. */
function forEachKind<T>({ source: { day } }: Reading, read: (kind: LayoutName) => T): T[] {
  return (day === undefined ? layoutNames : [day]).map(read);
}

function fewest<T extends { readonly mistakes: readonly unknown[] }>(all: readonly T[]): T | null {
  return all.toSorted((a, b) => a.mistakes.length - b.mistakes.length)[0] ?? null;
}

function templateOf(
  reading: Reading,
  { requireSuccessFile }: Pick<Settings, 'requireSuccessFile'>,
): PathTemplate | null {
  const { source, file, tell } = reading;
  const { raw } = source;
  if (raw === undefined) return null;
  const use = { requireSuccessFile, isWide: reading.has('wide') };
  const all = forEachKind(reading, (kind) => {
    const compiled = compileTemplate(raw, kind, use);
    return 'template' in compiled ? { ...compiled, mistakes: [] } : { ...compiled, template: null };
  });
  const best = fewest(all);
  for (const { message, at } of best?.mistakes ?? []) tell(['raw'], message, at);
  const template = best?.template ?? null;
  return template && { ...template, root: resolve(dirname(file), template.root) };
}

/** Of `auto`, large runs go to Spark. */
function checkEngine(
  { has, tell }: Reading,
  { engine }: Pick<Settings, 'engine'>,
  template: PathTemplate,
): void {
  const name = engine === 'auto' ? 'spark' : engine;
  const endings = endingsOf(template);
  const [other] = unreadBy(name, endings);
  // Of `scan` there is more to say.
  if (other === undefined || name === 'scan') return;
  const readers = has('wide') ? (['scan', 'csv'] as const) : (['csv', 'duckdb'] as const);
  const able = readers.filter((each) => unreadBy(each, endings).length === 0).join(' and ');
  const who = engine === 'auto' ? 'auto takes spark for large runs, which' : engine;
  const message = `engine ${who} reads no files that end with ${other}; ${able} would.`;
  tell(has('engine') ? ['engine'] : ['raw'], message);
}

function checkTextForm({ source, has, tell }: Reading, template: PathTemplate): void {
  const forms = endingsOf(template).flatMap((ending) => fileFormOf(ending)?.format ?? []);
  if (!has('csv') || source.columns === undefined) return;
  if (!forms.includes('csv') && !forms.includes('tsv')) {
    tell(['csv'], `csv is for .csv and .tsv files, and raw names none. Leave it out.`);
    return;
  }
  if (!forms.includes('tsv')) return;
  const { delimiter = tab, quote } = source.csv ?? {};
  if (delimiter !== tab && !forms.includes('csv')) {
    const message = 'delimiter is for .csv files: in .tsv files tabs stand between the cells.';
    tell(['csv', 'delimiter'], `${message} Leave it out, or name the files .csv.`);
  }
  if (quote === tab) {
    tell(['csv', 'quote'], 'quote is the delimiter of .tsv files; they must differ.');
  }
}

function outputOf(
  { file, tell }: Reading,
  output: string,
  template: PathTemplate | null,
): string | null {
  const path = resolve(dirname(file), output);
  if (/[\\/]$/.test(output)) {
    tell(['output'], 'output must name a file, not a folder.');
    return null;
  }
  if (template !== null && isWithin(template.root, path)) {
    const where = `output lies in the folder where raw files are looked for, ${template.root}`;
    tell(['output'], `${where}, where Daymark never writes. Name a file elsewhere.`);
    return null;
  }
  return path;
}

type Declared = DeclaredDataset['definition'];

function definitionOf(reading: Reading): Declared | null {
  const { source, has, tell } = reading;
  const { wide, columns, sql } = source;
  if (has('wide') === has('columns')) {
    const found = has('wide') ? 'There are both wide and columns.' : 'wide or columns is missing.';
    tell(has('wide') ? ['columns'] : [], `${found} ${eitherOr}`);
    return null;
  }
  if (sql !== undefined && wide === undefined) return sqlDefinition(reading, sql);
  if (columns !== undefined && !has('sql')) return columnsDefinition(reading);
  return wide === undefined ? null : wideDefinition(reading, wide);
}

const eitherOr =
  'A dataset has either columns, with by and measures or with sql, or wide, for files with one column for each category.';

const usualRange = { from: 0, to: 23 };

function wideDefinition(
  reading: Reading,
  wide: NonNullable<DatasetSource['wide']>,
): Declared | null {
  const { source, has, entries, tell } = reading;
  if (writtenIn(source)['engine'] === 'duckdb')
    tell(['engine'], `engine ${duckDbIsForColumns} Leave out engine, or choose one of them.`);
  for (const each of ['by', 'measures', 'csv', 'day_column', 'sql'] as const) {
    if (!has(each)) continue;
    const own = ['by', 'day_column'].includes(each) ? `wide has its own ${each}` : 'wide has none';
    tell([each], `${each} goes with columns, not with wide; ${own}.`);
  }
  const by = entries(['wide', 'by']).flatMap(({ name: output }) => {
    const raw = wide.by?.[output];
    if (raw === undefined) return [];
    const { column, from, to } = typeof raw === 'string' ? { column: raw, ...usualRange } : raw;
    return [{ name: output, column, least: from, most: to }];
  });
  return told(reading, (dayKind) =>
    readWideDefinition({
      ...{ dayKind, by, ignore: wide.ignore ?? [] },
      ...(source.day_name && { dayName: source.day_name }),
      ...(wide.day_column && { dayColumn: wide.day_column }),
      ...(wide.category && { category: wide.category }),
      ...(wide.value && { value: wide.value }),
    }),
  );
}

function columnsDefinition(reading: Reading): Declared | null {
  const { source, tell } = reading;
  const engine = writtenIn(source)['engine'];
  if (engine === 'scan') {
    tell(
      ['engine'],
      'engine scan reads only wide; duckdb, csv and spark read columns. Leave out engine, or choose one of them.',
    );
  }
  const raw = rawSourceOf(reading);
  const given = {
    ...raw,
    by: (source.by ?? []).map(keyText),
    measures: texts(reading, 'measures'),
  };
  return told(reading, (dayKind) => {
    const read = readColumnsDefinition({ ...given, dayKind });
    return read.kind === 'mistakes' ? { ...read, definition: null } : { ...read, mistakes: [] };
  });
}

function rawSourceOf(reading: Reading): Omit<RawColumnsSource, 'dayKind'> {
  const { csv, day_name: dayName, day_column: dayColumn } = reading.source;
  return {
    columns: texts(reading, 'columns'),
    ...(dayName !== undefined && { dayName }),
    ...(dayColumn !== undefined && { dayColumn }),
    csv: Object.fromEntries(Object.entries(csv ?? {}).filter(([, value]) => value !== undefined)),
  };
}

function sqlDefinition(reading: Reading, sql: string): Declared | null {
  const { source, has, tell } = reading;
  if (has('measures')) {
    tell(['measures'], 'measures does not go with sql: the SELECT computes them. Leave out one.');
  }
  const engine = writtenIn(source)['engine'];
  if (engine !== undefined && engine !== 'duckdb') {
    tell(['engine'], `engine ${engine} does not run sql; only duckdb does. Leave out engine.`);
  }
  const by = (source.by ?? []).flatMap((key, at) => {
    if (typeof key === 'string') return [key];
    const text = JSON.stringify(keyText(key));
    const what = `Entry ${at + 1} of by, ${text}, is not the name of a column. With sql, by names columns of the result`;
    tell(['by', at], `${what}: give the expression a name in the SELECT, with as.`);
    return [];
  });
  const given = { ...rawSourceOf(reading), by, sql };
  return told(reading, (dayKind) => {
    const read = readSqlDefinition({ ...given, dayKind });
    return read.kind === 'mistakes'
      ? { ...read, definition: null }
      : { definition: read.declaration, mistakes: [] };
  });
}

interface Read {
  readonly definition: Declared | null;
  readonly mistakes: readonly DefinitionMistake[];
}

function told(reading: Reading, read: (dayKind: LayoutName) => Read): Declared | null {
  const best = fewest(forEachKind(reading, read));
  for (const mistake of best?.mistakes ?? []) {
    reading.tell(mistake.path, sentenceOf(mistake), mistake.at);
  }
  return best?.definition ?? null;
}

/** Without a position it is about the name, which the sentence includes. */
export function sentenceOf({ path, at, message }: DefinitionMistake): string {
  const name = at === null ? `${path.join('.')}: ` : '';
  return `${name}${message}${message.endsWith('?') ? '' : '.'}`;
}

/** `- hour: hour(x)` without quotes is a map in YAML. */
function keyText(key: NonNullable<DatasetSource['by']>[number]): string {
  if (typeof key === 'string') return key;
  return Object.entries(key)
    .map((pair) => pair.join(': '))
    .join(', ');
}

/** Names and texts of a map. Between braces, where a comma ends a value, the parts of `avg(fare, 2)` are rejoined. */
function texts(
  { entries, isFlow, tell }: Reading,
  key: 'columns' | 'measures',
): (readonly [name: string, text: string])[] {
  const whole: (readonly [name: string, text: string])[] = [];
  const flows = isFlow([key]);
  for (const { name, text } of entries([key])) {
    const [last, open] = whole.at(-1) ?? [];
    if (flows && last !== undefined && open !== undefined && isOpen(open)) {
      whole[whole.length - 1] = [last, `${open}, ${name}`];
    } else whole.push([name, text ?? '']);
  }
  for (const [name, text] of whole) {
    const written = entries([key]).find((each) => each.name === name)?.text;
    if (written === text || written === null || written === undefined) continue;
    tell(
      [key, name],
      `${name}: between { and } a comma ends a value. Quote it: ${name}: "${text}".`,
    );
  }
  return whole;
}

function isOpen(text: string): boolean {
  return text.includes('(') && !text.includes(')');
}
