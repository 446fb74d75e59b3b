/** One dataset of a file, from its valid parts. */
import { basename, dirname, resolve } from 'node:path';
import { isWithin } from '../disk/is-within.js';
import { tab } from '../model/columns-definition.js';
import type { EngineChoice } from '../model/engine.js';
import { fileFormOf, unreadBy } from '../model/file-form.js';
import { compileTemplate, type PathTemplate } from '../model/path-template.js';
import { inFile } from '../model/setting-names.js';
import { endingsOf } from '../model/template-rules.js';
import { type DatasetConfig, type DeclaredDataset, datasetSettings } from './dataset-config.js';
import { fewest, forEachKind, type Reading, writtenIn } from './dataset-reading.js';
import { type DatasetSource, fileKeys, fileSettings } from './dataset-shape.js';
import { definitionOf } from './read-definition.js';

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
