/** The columns of a SELECT's result as columns of an output: their types, and which of them can be added up. */
import type { ColumnType, MeasureColumn } from '../../../model/column.js';
import type { DuckColumn } from '../duckdb.js';
import { nodesIn, type Statement, type StatementMistake, type TreeNode } from './statement.js';

export interface ReadResult {
  /** One for each column of the result, if there are no mistakes. */
  readonly columns: readonly MeasureColumn[];
  readonly mistakes: readonly StatementMistake[];
  /** Where each column stands in the SELECT. */
  readonly places: readonly (number | null)[];
}

export function readResult(statement: Statement, found: readonly DuckColumn[]): ReadResult {
  const listed = listedIn(statement.root, found.length);
  const additive = isOverDay(statement.root);
  const mistakes: StatementMistake[] = [];
  const columns: MeasureColumn[] = [];
  for (const [at, { name, type }] of found.entries()) {
    const node = listed[at];
    const kind = columnTypeOf(type);
    if (typeof kind === 'string') {
      const message = `the column ${JSON.stringify(name)} of the result is of type ${type}; ${kind}`;
      mistakes.push({ at: statement.placeOf(node), message });
    } else
      columns.push({ name, type: kind, nullable: true, additive: additive && isSum(node, kind) });
  }
  return { columns, mistakes, places: found.map((_, at) => statement.placeOf(listed[at])) };
}

const integers = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/;
const float = 'its last digits depend on the order of rows. Round it to a decimal, such as';

/** Or what to do about a type that no output has. */
function columnTypeOf(type: string): ColumnType | string {
  const [, precision, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined) {
    return { kind: 'decimal', precision: Number(precision), scale: Number(scale) };
  }
  if (integers.test(type)) return { kind: 'integer' };
  if (/\]$/.test(type)) return 'a list has no place in a CSV; unnest it, or make a text of it';
  if (/^(?:VARCHAR|UUID|JSON$|ENUM\()/.test(type)) return { kind: 'text' };
  if (/^TIMESTAMP/.test(type)) return { kind: 'timestamp' };
  if (type === 'BOOLEAN') return { kind: 'boolean' };
  if (type === 'DATE') return { kind: 'date' };
  if (/^(?:FLOAT|DOUBLE)$/.test(type)) return `${float} avg(x)::decimal(18,2)`;
  return 'an output can hold texts, integers, decimals, booleans, dates and timestamps; cast it to one of them, such as x::varchar';
}

/** The expressions of the result's columns, if each one has its own. */
function listedIn({ select_list: list }: TreeNode, count: number): readonly TreeNode[] {
  if (!Array.isArray(list) || list.length !== count) return [];
  const isStar = [...nodesIn(list)].some((node) => node['class'] === 'STAR');
  return isStar ? [] : (list as readonly TreeNode[]);
}

/** Whether each row of the day is in one group at most, so that values of several groups add up. */
function isOverDay(root: TreeNode): boolean {
  const from = root['from_table'] as TreeNode | undefined;
  const ctes = (root['cte_map'] as { map?: readonly unknown[] } | undefined)?.map ?? [];
  const sets = (root['group_sets'] as readonly unknown[] | undefined) ?? [];
  return (
    root['type'] === 'SELECT_NODE' &&
    from?.['type'] === 'BASE_TABLE' &&
    ctes.length === 0 &&
    sets.length <= 1
  );
}

const sums = new Set(['count', 'count_star', 'count_if', 'countif', 'sum']);

function isSum(node: TreeNode | undefined, { kind }: ColumnType): boolean {
  const isPlain = node?.['class'] === 'FUNCTION' && node['distinct'] === false;
  const isNumber = kind === 'integer' || kind === 'decimal';
  return isPlain && isNumber && sums.has(String(node?.['function_name']).toLowerCase());
}
