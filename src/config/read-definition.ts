/** The definition of a dataset in a file, or every mistake in it with its place. */
import type { DefinitionMistake } from '../model/check-columns.js';
import type { RawColumnsSource } from '../model/columns-definition.js';
import type { LayoutName } from '../model/day.js';
import { readColumnsDefinition } from '../model/read-columns-definition.js';
import { readSqlDefinition } from '../model/read-sql-definition.js';
import { readWideDefinition } from '../model/read-wide-definition.js';

import { type DeclaredDataset, duckDbIsForColumns } from './dataset-config.js';
import { fewest, forEachKind, type Reading, writtenIn } from './dataset-reading.js';
import type { DatasetSource } from './dataset-shape.js';

type Declared = DeclaredDataset['definition'];

export function definitionOf(reading: Reading): Declared | null {
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
