/** A SELECT as DuckDB's own parser reads it: the tree of `json_serialize_sql`. */
import type { DuckDb } from '../duckdb.js';
import { quotedText } from '../sql-text.js';

export interface StatementMistake {
  /** The character of the SELECT, from 0; null if the whole is wrong. */
  readonly at: number | null;
  readonly message: string;
}

/** A node of the tree, or a part of one. */
export type TreeNode = Readonly<Record<string, unknown>>;

export interface Statement {
  readonly root: TreeNode;
  /** Functions whose result may be another one each time, by DuckDB's catalog; in lower case. */
  readonly unstable: ReadonlySet<string>;
  /** The character at which a node of the tree begins; null where the parser does not tell. */
  placeOf(node: unknown): number | null;
}

export type ReadStatement = Statement | StatementMistake;

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: TreeNode }[];
}

export async function readStatement(
  db: Pick<DuckDb, 'rows'>,
  sql: string,
  signal: AbortSignal,
): Promise<ReadStatement> {
  const setup = [
    `CREATE VIEW unstable AS SELECT string_agg(DISTINCT lower(function_name), ' ') AS names FROM duckdb_functions() WHERE stability <> 'CONSISTENT'`,
  ];
  const select = `SELECT json_serialize_sql(${quotedText(sql)})::VARCHAR, names FROM unstable`;
  const [row] = await db.rows({ files: [], setup, select }, signal);
  const {
    error,
    error_message,
    position,
    statements = [],
  } = JSON.parse(row?.[0] ?? '{}') as Serialized;
  const characterAt = charactersOf(sql);
  if (error === true)
    return misread(error_message ?? '', characterAt(Number(position ?? Number.NaN)));
  const [only, second] = statements;
  if (only === undefined)
    return { at: null, message: 'there is no statement in it; it must be one SELECT' };
  const placeOf = (node: unknown) =>
    characterAt(Number((node as TreeNode | null)?.['query_location']));
  if (second !== undefined) {
    const what = `there are ${statements.length} statements; it must be one SELECT`;
    return { at: firstPlace(second.node, placeOf), message: what };
  }
  return { root: only.node, unstable: new Set(row?.[1]?.split(' ')), placeOf };
}

function misread(message: string, at: number | null): StatementMistake {
  if (!message.startsWith('Only SELECT')) return { at, message: inOneLine(message) };
  return { at: 0, message: 'it must be one SELECT; no other statement is run' };
}

/** DuckDB counts bytes. */
function charactersOf(sql: string): (byte: number) => number | null {
  const bytes = Buffer.from(sql);
  return (byte) => (byte <= bytes.length ? bytes.subarray(0, byte).toString().length : null);
}

/** What DuckDB says, without its kind of error, the excerpt that it adds, and the advice that sql must not follow. */
export function inOneLine(message: string): string {
  const said = message.replace(/^(?:[A-Z]\w+ )+Error: /, '').replace(/\n\s*LINE \d+:.*$/s, '');
  return said
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(
      /Either (add it to the GROUP BY list), or use "ANY_VALUE.*$/,
      (_, advice) => `A${advice.slice(1)}`,
    )
    .replace(/\.$/, '');
}

/** The node, and all below it. */
export function* nodesIn(value: unknown): Generator<TreeNode> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as TreeNode;
  for (const each of Object.values(value)) yield* nodesIn(each);
}

function firstPlace(node: TreeNode, placeOf: (node: unknown) => number | null): number | null {
  const places = [...nodesIn(node)].flatMap((each) => placeOf(each) ?? []);
  return places.length === 0 ? null : Math.min(...places);
}
