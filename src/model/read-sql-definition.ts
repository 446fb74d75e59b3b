/** Reads a `sql` definition as far as the file alone tells: either the declaration, or everything that is wrong in it. */
import {
  csvMistakes,
  type DefinitionMistake,
  dayColumnMistakes,
  noColumns,
  whole,
} from './check-columns.js';
import type { RawColumnsSource } from './columns-definition.js';
import { inQuotes, type KnownColumns } from './parse-columns.js';
import { present, rawColumnsOf, readColumnTypes } from './read-columns-definition.js';
import type { SqlDeclaration } from './sql-definition.js';

export interface SqlSource extends RawColumnsSource {
  readonly sql: string;
  readonly by: readonly string[];
}

export type ReadDeclaration =
  | { readonly kind: 'declaration'; readonly declaration: SqlDeclaration }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly DefinitionMistake[] };

export function readSqlDefinition(source: SqlSource): ReadDeclaration {
  const mistakes: DefinitionMistake[] = [];
  const known = readColumnTypes(source, mistakes);
  const raw = rawColumnsOf(source, present([...known.values()]));
  // What stands before it is left, so that places in it are places in what is written.
  const text = source.sql.trimEnd().replace(/[\s;]*;$/, '');
  mistakes.push(
    ...noColumns(source),
    ...sameInSql(known),
    ...dayColumnMistakes(raw, known),
    ...csvMistakes(raw.csv),
    ...textMistakes(text),
    ...keyMistakes(source.by),
  );
  if (mistakes.length > 0) return { kind: 'mistakes', mistakes };
  return { kind: 'declaration', declaration: { kind: 'sql', ...raw, sql: text, by: source.by } };
}

/** In SQL, names do not differ by their case. */
function sameInSql(known: KnownColumns): DefinitionMistake[] {
  const taken = new Map<string, string>();
  return [...known.keys()].flatMap((name) => {
    const folded = name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const first = taken.get(folded);
    taken.set(folded, first ?? name);
    if (first === undefined) return [];
    const both = `${inQuotes(first)} and ${inQuotes(name)} are one name in SQL, which does not tell upper from lower case`;
    return [whole(['columns', name], `${both}; only one of them can be declared`)];
  });
}

function textMistakes(sql: string): DefinitionMistake[] {
  if (sql.includes('\0')) return [whole(['sql'], 'it must hold no NUL character')];
  return sql.trim() === ''
    ? [whole(['sql'], 'it is empty; it must be one SELECT over the relation day')]
    : [];
}

function keyMistakes(by: readonly string[]): DefinitionMistake[] {
  return by.flatMap((name, at) =>
    by.indexOf(name) < at ? [whole(['by', at], `${inQuotes(name)} is in it twice`)] : [],
  );
}
