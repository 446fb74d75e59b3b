/** Adds a dataset to the text of a file: what stands there stays as it is, to the byte. */
import { dirname, isAbsolute, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readDatasets } from '../config/datasets-file.js';
import { schemaFile } from '../config/datasets-schema.js';

export interface DatasetsText {
  /** Absolute. */
  readonly path: string;
  /** What messages call it. */
  readonly name: string;
  /** Null where there is no such file. */
  readonly text: string | null;
}

/** What the file is read beside: what is missing for its other datasets is not what `init` is asked about. */
const surroundings = { hasRedis: false, hasSpark: true };

export type Added = { readonly text: string } | { readonly mistake: string };

/** `lines` as they stand below `datasets:`, two blanks in. */
export function addDataset(file: DatasetsText, dataset: string, lines: readonly string[]): Added {
  const { text } = file;
  const isNew = text === null || text.trim() === '';
  const whole = isNew
    ? [schemaLine(file.path), 'datasets:', ...lines, ''].join('\n')
    : appended(text, lines);
  const before = isNew ? [] : namesIn(file, text);
  const { datasets, mistakes } = readDatasets(whole, { ...file, ...surroundings });
  const names = datasets.map(({ name }) => name);
  if (mistakes.length === 0 && names.join() === [...before, dataset].join()) return { text: whole };
  const why = mistakes[0] ?? 'the new dataset would not be the last of the map datasets';
  return {
    mistake: `It cannot be added to ${file.name}: ${why}\nPut it there by hand:\n\n${lines.join('\n')}`,
  };
}

export function namesIn(file: DatasetsText, text: string): string[] {
  return readDatasets(text, { ...file, ...surroundings }).datasets.map(({ name }) => name);
}

function appended(text: string, lines: readonly string[]): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const own = indentIn(text);
  const moved = lines.map((line) => `${own}${line.slice(2)}`.trimEnd());
  return [text.endsWith('\n') ? text : `${text}${end}`, ...moved].join(end) + end;
}

/** How far in the names of datasets stand. */
function indentIn(text: string): string {
  return /^datasets:[^\n]*\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*( +)\S/m.exec(text)?.[1] ?? '  ';
}

/** Editors complete and check the file by it. */
function schemaLine(path: string): string {
  const schema = fileURLToPath(schemaFile);
  const way = relative(dirname(path), schema);
  const isBelow = !isAbsolute(way) && !way.startsWith('..');
  const written = isBelow ? `./${way.replaceAll('\\', '/')}` : pathToFileURL(schema).href;
  return `# yaml-language-server: $schema=${written}`;
}
