/** Which columns of a Parquet file the declared ones are. A field of a struct is named by its path: `user.id`. */
import { closestTo } from '../../../model/closest-name.js';
import type { Column } from '../../../model/column.js';
import { columnTypeText } from '../../../model/column-type.js';
import type { RawColumns } from '../../../model/columns-definition.js';
import type { RawProblem } from '../../../model/raw-problem.js';
import { differenceOf, folded, madeVisible } from '../../header-names.js';
import { problemIn, shorten } from '../../problems.js';
import type { FileType } from './file-type.js';
import type { SchemaNode } from './footer.js';
import { isDayType, takenAs, typesFor } from './take-types.js';

/** A column of the file. Plain values only, because threads send it. */
export interface FoundColumn {
  readonly places: readonly number[];
  readonly leaf: number;
  readonly type: FileType;
  /** Whether each row has a value. */
  readonly required: boolean;
}

export interface MatchedColumns {
  /** In the order in which they are declared; null for one that may be empty and is not there. */
  readonly declared: readonly (FoundColumn | null)[];
  /** The column that holds the day, if it is there and not declared. */
  readonly day: FoundColumn | null;
  readonly undeclared: readonly string[];
  /** Declared columns that may be empty, and are not there. */
  readonly lacking: readonly string[];
}

type Nodes = readonly SchemaNode[];

export function matchColumns(
  nodes: Nodes,
  file: string,
  { kind, columns, dayColumn }: RawColumns,
): MatchedColumns | { readonly problems: readonly RawProblem[] } {
  const problems: RawProblem[] = [];
  const complain = (column: string, message: string) => {
    problems.push(problemIn(file, message, { column }));
    return null;
  };
  const declared = columns.map((column) => {
    const node = nodeNamed(column.name, nodes, complain);
    if (node === undefined) return lacking(column, nodes, complain);
    return node && foundFor(kind, found(node, column, complain));
  });
  const names = new Set(columns.map(({ name }) => name));
  const day = dayColumn === null || names.has(dayColumn) ? null : dayIn(dayColumn, nodes, complain);
  if (problems.length > 0) return { problems };
  const undeclared = nodes
    .filter(({ shape }) => shape !== 'struct')
    .map(nameOf)
    .filter((name) => !names.has(name) && name !== dayColumn);
  const absent = columns.filter((_, at) => declared[at] === null).map(({ name }) => name);
  return { declared, day, undeclared, lacking: absent };
}

type Complain = (column: string, message: string) => null;

export function nameOf({ path }: SchemaNode): string {
  return path.join('.');
}

/** Undefined if no column has the name; null if several have it. */
function nodeNamed(name: string, nodes: Nodes, complain: Complain): SchemaNode | null | undefined {
  const [node, other] = nodes.filter((each) => nameOf(each) === name);
  if (node === undefined || other === undefined) return node;
  const said = 'the file has more than one column of this name or path; rename one of them';
  return complain(name, said);
}

/** DuckDB's type for the times of a SELECT has microseconds. */
function foundFor(kind: RawColumns['kind'], column: FoundColumn | null): FoundColumn | null {
  if (kind !== 'sql' || column?.type.kind !== 'timestamp') return column;
  return { ...column, type: { ...column.type, toMicros: true } };
}

function found(node: SchemaNode, column: Column, complain: Complain): FoundColumn | null {
  const { element, places, leaf, required } = node;
  if (element === null) return complain(column.name, notAColumn(node, column.name));
  const { type, words } = element;
  if (takenAs(column, type, '') !== null) return { places, leaf, type, required };
  const told = `the file has it as ${words}, which is not read as ${columnTypeText(column)}`;
  return complain(column.name, `${told}; ${typesFor(type)}`);
}

function notAColumn({ shape }: SchemaNode, name: string): string {
  return shape === 'struct'
    ? `the file has a struct of this name; declare its fields by their paths, such as ${JSON.stringify(`${name}.id`)}`
    : `the file has it as a ${shape}, of which a row may have several values; write a column with one for each row`;
}

function lacking(column: Column, nodes: Nodes, complain: Complain): null {
  const { name, nullable } = column;
  const same = nodes.map(nameOf).find((each) => folded(each) === folded(name));
  if (nullable && (same === undefined || folded(name) === '')) return null;
  return complain(name, `the file lacks this column; it has ${listed(name, nodes, same)}`);
}

const mostNames = 20;

function listed(name: string, nodes: Nodes, same: string | undefined): string {
  const names = nodes.filter(({ shape }) => shape !== 'struct').map(nameOf);
  const some = names.slice(0, mostNames).map(inQuotes).join(', ');
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `${some}${more}${nearest(name, names, same)}. The setting columns of the dataset names those that each file must have, but for types with a ?`;
}

function nearest(name: string, names: readonly string[], same: string | undefined): string {
  if (same !== undefined && folded(name) !== '') return `; ${isProbably(same, name)}; rename it`;
  const close = closestTo(name, names.slice(0, mostNames));
  return close === null ? '' : `; perhaps ${inQuotes(close)} is meant`;
}

function isProbably(name: string, meant: string): string {
  return `${inQuotes(name)} is probably the column ${JSON.stringify(meant)} ${differenceOf(name, meant)}`;
}

function inQuotes(name: string): string {
  return JSON.stringify(shorten(madeVisible(name)));
}

/** If its name were slightly wrong, the day would not be checked. */
function dayIn(name: string, nodes: Nodes, complain: Complain): FoundColumn | null {
  const node = nodeNamed(name, nodes, complain);
  if (node === undefined) {
    const same = nodes.map(nameOf).find((each) => folded(each) === folded(name));
    return same === undefined ? null : complain(same, `${isProbably(same, name)}; rename it`);
  }
  if (node === null) return null;
  const { element, places, leaf, required } = node;
  if (element !== null && isDayType(element.type)) {
    return { places, leaf, type: element.type, required };
  }
  const is = element?.words ?? `a ${node.shape}`;
  return complain(name, `it holds the day, and is ${is}; write it as a text, a date or a number`);
}
