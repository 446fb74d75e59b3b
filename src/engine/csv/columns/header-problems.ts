/** What is wrong with the header of a file, by the columns that were declared. */
import { closestTo } from '../../../model/closest-name.js';
import type { RawColumns } from '../../../model/columns-definition.js';
import type { RawProblem } from '../../../model/raw-problem.js';
import { nameProblems } from '../../header.js';
import { differenceOf, folded, hasNothingToSee, madeVisible } from '../../header-names.js';
import type { NameVerdict } from '../../judge-names.js';
import { problemIn, shorten } from '../../problems.js';
import { likelyDelimiter, otherDelimiter } from './delimiter.js';

export function headerProblems(
  names: readonly string[],
  file: string,
  definition: RawColumns,
  line: number,
): RawProblem[] {
  const present = new Set(names);
  const lacking = definition.columns.filter(({ name }) => !present.has(name));
  const other = lacking.length > 0 && names.length === 1 ? likelyIn(names, definition) : null;
  if (other !== null)
    return [problemIn(file, otherDelimiter(other, definition.csv, file), { line })];
  const wrong = [...nameProblems(names, verdictsOn(names, definition), file, line)];
  if (lacking.length === 0) return wrong;
  const similar = new Map(names.map((name) => [folded(name), name]));
  // For a column named by a single symbol, any other symbol would be similar.
  similar.delete('');
  for (const { name } of lacking) {
    wrong.push(problemIn(file, lacks(name, names, similar), { line, column: name }));
  }
  return wrong;
}

function likelyIn([name = '']: readonly string[], { csv }: RawColumns): string | null {
  return likelyDelimiter(name, csv);
}

/** If the day column's name were slightly wrong, the day would not be checked. */
function verdictsOn(names: readonly string[], { columns, dayColumn }: RawColumns): NameVerdict[] {
  const declared = new Set(columns.map(({ name }) => name));
  const isTold = dayColumn === null || declared.has(dayColumn) || names.includes(dayColumn);
  const day = isTold ? '' : folded(dayColumn);
  return names.map((name) => {
    if (declared.has(name)) return null;
    if (hasNothingToSee(name)) return 'nameless';
    if (day === '' || folded(name) !== day) return null;
    return { meant: dayColumn, message: `it ${isProbably(name, dayColumn ?? '')}; rename it` };
  });
}

/** In words that follow `name`; both fold to the same. */
function isProbably(name: string, meant: string): string {
  return `is probably the column ${JSON.stringify(meant)} ${differenceOf(name, meant)}`;
}

const mostNames = 20;

function lacks(
  name: string,
  names: readonly string[],
  similar: ReadonlyMap<string, string>,
): string {
  const some = names.slice(0, mostNames).map(inQuotes);
  const more = names.length - some.length;
  const all = `${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const near = nearest(name, names, similar.get(folded(name)));
  return `the header lacks this column; it has ${all}${near}. The setting columns of the dataset names those that each file must have`;
}

function nearest(name: string, names: readonly string[], same: string | undefined): string {
  if (same !== undefined) return `; ${inQuotes(same)} ${isProbably(same, name)}`;
  const close = closestTo(name, names.slice(0, mostNames));
  return close === null ? '' : `; perhaps ${inQuotes(close)} is meant`;
}

function inQuotes(name: string): string {
  return JSON.stringify(shorten(madeVisible(name)));
}
