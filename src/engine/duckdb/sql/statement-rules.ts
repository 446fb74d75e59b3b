/**
 * What a SELECT must not have: relations other than the day, and what gives other rows for the same raw files. That the
 * order of rows matters is found where the text shows it; not where several rows of a sorted list are equal.
 */
import { closestTo } from '../../../model/closest-name.js';
import { nodesIn, type Statement, type StatementMistake, type TreeNode } from './statement.js';

interface Known {
  /** In lower case: day and the names in WITH. */
  readonly relations: ReadonlySet<string>;
  /** In lower case. */
  readonly columns: ReadonlySet<string>;
  readonly unstable: ReadonlySet<string>;
}

/** What is wrong with a node, and the node that shows where. */
type Rule = (node: TreeNode, known: Known) => { message: string; where?: unknown } | null;

/** In the order of the text, each place once. `columns` are the declared names. */
export function ruleMistakes(statement: Statement, columns: readonly string[]): StatementMistake[] {
  const nodes = [...nodesIn(statement.root)];
  const known = {
    relations: new Set(['day', ...nodes.flatMap(namesInWith)]),
    columns: new Set(columns.map((name) => name.toLowerCase())),
    unstable: statement.unstable,
  };
  const found = nodes.flatMap((node) =>
    rules.flatMap((rule) => {
      const wrong = rule(node, known);
      if (wrong === null) return [];
      return [{ at: statement.placeOf(wrong.where ?? node), message: wrong.message }];
    }),
  );
  const first = new Map(
    found.map((each) => [each.at, each]).reverse() as [number | null, StatementMistake][],
  );
  return [...first.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

function namesInWith({ cte_map: ctes }: TreeNode): string[] {
  const all = (ctes as { map?: readonly { key: string }[] } | undefined)?.map ?? [];
  return all.map(({ key }) => key.toLowerCase());
}

const textOf = (value: unknown) => String(value ?? '').toLowerCase();
const listOf = (value: unknown) => (Array.isArray(value) ? (value as readonly TreeNode[]) : []);
const ordersOf = (modifier: unknown) => listOf((modifier as TreeNode | null)?.['orders']);

const stays = 'the same raw files must always give the same rows';
const onlyDay = 'sql can only read the relation day';

/** Functions that read nothing but their arguments. */
const tableFunctions = new Set(['range', 'generate_series', 'unnest', 'json_each', 'json_tree']);

/** Which DuckDB's catalog takes for stable, since they expand to others or read settings. */
const unstableToo = new Set([
  ...['ago', 'current_localtime', 'current_localtimestamp', 'current_setting', 'getvariable'],
  ...['current_user', 'current_role', 'current_catalog', 'session_user', 'user', 'version'],
  ...['pg_conf_load_time', 'pg_postmaster_start_time', 'pg_sleep'],
]);

/** Names that are functions where there is no such column. */
const unstableNames = new Set([
  ...['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp'],
  ...['current_user', 'current_role', 'current_catalog', 'current_schema', 'session_user', 'user'],
]);

const estimates: Readonly<Record<string, string>> = {
  approx_quantile: 'quantile_disc',
  approx_top_k: 'count(*) with order by and limit',
  reservoir_quantile: 'quantile_disc',
};

/** Their result is one of several where the order does not decide. */
const ordered = new Set([
  ...['first', 'last', 'any_value', 'arbitrary', 'mode', 'list', 'array_agg', 'string_agg'],
  ...['group_concat', 'listagg', 'json_group_array', 'json_group_object', 'json_group_structure'],
  ...['arg_min', 'arg_max', 'argmin', 'argmax', 'min_by', 'max_by', 'arg_min_null', 'arg_max_null'],
  ...['arg_min_nulls_last', 'arg_max_nulls_last', 'bitstring_agg'],
]);
/** With a window, they go by the order of its rows. */
const orderedInWindow = new Set([
  ...['row_number', 'first_value', 'last_value', 'nth_value', 'lag', 'lead', 'ntile', 'fill'],
]);

const rules: readonly Rule[] = [
  ({ type, table_name, schema_name, catalog_name }, { relations }) => {
    if (type !== 'BASE_TABLE') return null;
    const isPlain = !schema_name && !catalog_name;
    if (isPlain && relations.has(textOf(table_name))) return null;
    const name = [catalog_name, schema_name, table_name].filter(Boolean).join('.');
    const meant = isPlain ? closestTo(name, [...relations]) : null;
    const hint = meant === null ? '' : `. Did you mean ${meant}?`;
    return { message: `${onlyDay}, not ${JSON.stringify(name)}${hint}` };
  },
  ({ type, function: called }) => {
    const name = textOf((called as TreeNode | undefined)?.['function_name']);
    if (type !== 'TABLE_FUNCTION' || tableFunctions.has(name)) return null;
    return { message: `${onlyDay}, not ${name}(…)` };
  },
  ({ type }) => {
    if (type !== 'SHOW_REF') return null;
    return { message: 'it must be one SELECT; describe, summarize and show are not run' };
  },
  ({ sample, ...node }) => {
    if (!sample) return null;
    return {
      message: `a sample has other rows each time; ${stays}`,
      where: node['from_table'] ?? node,
    };
  },
  ({ class: kind, function_name, children }, { unstable }) => {
    const name = textOf(function_name);
    const isAge = name === 'age' && listOf(children).length === 1;
    if (!isCall(kind) || !(unstable.has(name) || unstableToo.has(name) || isAge)) return null;
    return { message: `the result of ${name}() can be another one each time; ${stays}` };
  },
  ({ class: kind, column_names: names }, { columns }) => {
    const [name, more] = Array.isArray(names) ? names.map(textOf) : [];
    if (kind !== 'COLUMN_REF' || name === undefined || more !== undefined) return null;
    if (!unstableNames.has(name) || columns.has(name)) return null;
    return { message: `the result of ${name} can be another one each time; ${stays}` };
  },
  ({ class: kind, function_name }) => {
    const exact = estimates[textOf(function_name)];
    if (!isCall(kind) || exact === undefined) return null;
    return {
      message: `the result of ${textOf(function_name)}() is an estimate that depends on the order of rows; ${exact} is exact`,
    };
  },
  ({ class: kind, function_name, order_bys, orders, arg_orders }) => {
    const name = textOf(function_name);
    const isUnordered = [ordersOf(order_bys), listOf(orders), listOf(arg_orders)].every(isEmpty);
    if (kind === 'FUNCTION' && ordered.has(name) && isUnordered) {
      return {
        message: `the result of ${name}(…) depends on the order of rows; say which, such as ${name}(… order by x), or take min or max`,
      };
    }
    if (kind !== 'WINDOW' || !isUnordered || !(ordered.has(name) || orderedInWindow.has(name)))
      return null;
    return {
      message: `the result of ${name}() depends on the order of rows; say which, such as over (order by x)`,
    };
  },
  ({ modifiers }) => {
    const all = listOf(modifiers);
    if (all.some(({ type }) => type === 'ORDER_MODIFIER')) return null;
    const limit = all.find(({ type }) => String(type).startsWith('LIMIT'));
    const some = all.flatMap(({ distinct_on_targets: targets }) => listOf(targets));
    if (limit === undefined && some.length === 0) return null;
    const what = limit === undefined ? 'distinct on' : 'limit';
    const where = limit === undefined ? some[0] : (limit['limit'] ?? limit['offset']);
    return { message: `which rows ${what} takes depends on their order; add order by`, where };
  },
  ({ ref_type }) => {
    if (ref_type !== 'POSITIONAL') return null;
    return { message: `a positional join depends on the order of rows; ${stays}` };
  },
];

const isCall = (kind: unknown) => kind === 'FUNCTION' || kind === 'WINDOW';
const isEmpty = (list: readonly unknown[]) => list.length === 0;
