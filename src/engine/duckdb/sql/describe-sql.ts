/** A `sql` definition as DuckDB understands it: with the columns of its result, or everything that is wrong with it. */
import { type DefinitionMistake, nameMistakes, whole } from '../../../model/check-columns.js';
import { closestTo } from '../../../model/closest-name.js';
import { inQuotes } from '../../../model/parse-columns.js';
import type { SqlDeclaration, SqlDefinition } from '../../../model/sql-definition.js';
import { type DuckColumn, type DuckDb, DuckFailure } from '../duckdb.js';
import { emptyDay } from './relation.js';
import { readResult } from './result-columns.js';
import { inOneLine, readStatement, type Statement, type StatementMistake } from './statement.js';
import { ruleMistakes } from './statement-rules.js';

/** Positions are those in the SELECT as it is declared. */
export type DescribedSql =
  | { readonly kind: 'definition'; readonly definition: SqlDefinition }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly DefinitionMistake[] };

/** Throws what DuckDB throws where it does not answer. */
export async function describeSql(
  db: Pick<DuckDb, 'rows' | 'columns'>,
  declaration: SqlDeclaration,
  signal: AbortSignal,
): Promise<DescribedSql> {
  const statement = await readStatement(db, declaration.sql, signal);
  if ('message' in statement) return mistakesOf([statement]);
  const names = declaration.columns.map(({ name }) => name);
  const against = ruleMistakes(statement, names);
  if (against.length > 0) return mistakesOf(against);
  const found = await columnsOf(db, declaration, signal);
  if ('message' in found) return mistakesOf([found]);
  return definitionOf(declaration, statement, found);
}

function mistakesOf(mistakes: readonly StatementMistake[]): DescribedSql {
  return { kind: 'mistakes', mistakes: mistakes.map((each) => ({ path: ['sql'], ...each })) };
}

async function columnsOf(
  db: Pick<DuckDb, 'columns'>,
  { columns, sql }: SqlDeclaration,
  signal: AbortSignal,
): Promise<readonly DuckColumn[] | StatementMistake> {
  try {
    return await db.columns({ files: [], setup: [emptyDay(columns)], select: sql }, signal);
  } catch (error) {
    if (!(error instanceof DuckFailure)) throw error;
    return { at: error.at, message: inOneLine(error.message) };
  }
}

function definitionOf(
  declaration: SqlDeclaration,
  statement: Statement,
  found: readonly DuckColumn[],
): DescribedSql {
  const { dayName, by } = declaration;
  const { columns: result, mistakes: misfits, places } = readResult(statement, found);
  const mistakes: DefinitionMistake[] = [...misfits.map((each) => ({ path: ['sql'], ...each }))];
  const names = found.map(({ name }) => name);
  const what = 'a column of the result';
  const outputNames = found.map(({ name }, at) => ({ name, what, path: ['sql', at] }));
  for (const { path, ...each } of nameMistakes(dayName, outputNames)) {
    const [key = 'sql', place] = path;
    mistakes.push({ ...each, path: [key], at: places[Number(place)] ?? null });
  }
  for (const [at, name] of by.entries()) {
    if (!names.includes(name)) mistakes.push(whole(['by', at], noSuchColumn(name, names)));
  }
  if (mistakes.length === 0 && names.every((name) => by.includes(name))) {
    const message =
      'every column of the result is in it; at least one must hold a value for the row that they name';
    mistakes.push(whole(['by'], message));
  }
  if (mistakes.length > 0) return { kind: 'mistakes', mistakes };
  return { kind: 'definition', definition: { ...declaration, result } };
}

function noSuchColumn(name: string, names: readonly string[]): string {
  const meant = closestTo(name, names);
  const hint = meant === null ? '' : `. Did you mean ${inQuotes(meant)}?`;
  const what = `the result of sql has no column ${inQuotes(name)}`;
  return `${what}; it has ${names.map(inQuotes).join(', ')}${hint}`;
}
