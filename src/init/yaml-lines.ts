/** A dataset as people would write it, with what was seen and what else can be chosen in comments. */

import type { RowForm } from '../engine/csv/row-parser.js';
import { columnTypeText } from '../model/column-type.js';
import { usualCsv } from '../model/columns-definition.js';
import type { LayoutName } from '../model/day.js';
import type { ChosenColumns } from './choose-columns.js';
import type { ChosenWide } from './choose-wide.js';
import type { Choice } from './judged-column.js';

export interface WrittenDataset {
  readonly name: string;
  readonly raw: string;
  readonly day: LayoutName;
  readonly form: RowForm;
  readonly chosen: ChosenColumns | ChosenWide;
  /** Columns that are not in all files, and in how many. */
  readonly partial: readonly (readonly [name: string, seen: string])[];
  readonly output: string;
  /** A sentence each, for its head. */
  readonly remarks: readonly string[];
}

/** Each line begins with two blanks at least, as it stands below `datasets`. */
export function datasetLines(dataset: WrittenDataset): string[] {
  const { name, raw, day, chosen, output, remarks } = dataset;
  return [
    `${name}:`,
    ...within([
      ...remarks.map(comment),
      `raw: ${scalar(raw)}`,
      `day: ${day}`,
      ...(chosen.kind === 'wide' ? wideLines(chosen) : columnsLines(dataset, chosen)),
      `output: ${scalar(output)}`,
    ]),
  ].map((line) => `  ${line}`.trimEnd());
}

function wideLines({ hour: [name, column], dayColumn, ignore, categories }: ChosenWide): string[] {
  return [
    `wide: # one column for each category, whose cells are counts: ${categories.length} so far`,
    ...within([
      'by:',
      ...within([`${scalar(name)}: ${scalar(column)} # whole numbers from 0 to 23`]),
      `day_column: ${scalar(dayColumn)} # must hold the day of its file in every row`,
      ...(ignore.length === 0 ? [] : ['# All columns but these are counted.', 'ignore:']),
      ...within(ignore.map((each) => `- ${scalar(each)}`)),
      'category: category # what the output calls the names of the columns',
      'value: items_count # and their counts',
    ]),
  ];
}

function columnsLines({ form, partial }: WrittenDataset, chosen: ChosenColumns): string[] {
  const { dayName, dayColumn, columns, by, measures } = chosen;
  const hasKey = by.some(({ isActive }) => isActive);
  return [
    ...(dayName === null ? [] : [`day_name: ${dayName}`]),
    ...(dayColumn === null
      ? []
      : [`day_column: ${scalar(dayColumn)} # must hold the day of its file in every row`]),
    ...csvLines(form, chosen),
    '# A cell that is not of its type fails its day, and the run names file, line, column and value.',
    '# A ? lets cells be empty. A column that no key and no measure needs may be left out here.',
    'columns:',
    ...within([
      ...columns.map(({ note, ...column }) =>
        withNote(`${scalar(column.name)}: ${columnTypeText(column)}`, note),
      ),
      ...partial.map(([name, seen]) => comment(`${scalar(name)}: left out, since it is ${seen}`)),
    ]),
    hasKey ? keysHead : `${keysHead} Without any there is one row a day.`,
    ...(by.length === 0 ? [] : [used(hasKey, 'by:')]),
    ...within(by.map(keyLine)),
    '# What is computed for each row: count(), and count, sum, min, max, avg and distinct of a column.',
    'measures:',
    ...within(measures.map(measureLine)),
  ];
}

const keysHead =
  '# What names a row of the output. Take the # away to use a line, or put one in front.';

function csvLines({ delimiter, quote }: RowForm, { nulls }: ChosenColumns): string[] {
  const lines = [
    ...(delimiter === usualCsv.delimiter ? [] : [`delimiter: ${JSON.stringify(delimiter)}`]),
    ...(quote === usualCsv.quote ? [] : ['quote: null # a " is a sign like any other']),
    ...(nulls.length === 0
      ? []
      : [`nulls: [${nulls.map((text) => JSON.stringify(text)).join(', ')}] # stand for nothing`]),
  ];
  return lines.length === 0 ? [] : ['csv:', ...within(lines)];
}

function keyLine({ isActive, name, expression, why }: Choice): string {
  const key = expression === null ? name : `${name}: ${expression}`;
  return used(isActive, withNote(`- ${scalar(key)}`, why));
}

function measureLine({ isActive, name, expression, why }: Choice): string {
  return used(isActive, withNote(`${scalar(name)}: ${scalar(expression ?? '')}`, why));
}

function used(isActive: boolean, line: string): string {
  return isActive ? line : comment(line);
}

function withNote(line: string, note: string): string {
  return note === '' ? line : `${line} # ${oneLine(note)}`;
}

function comment(text: string): string {
  return `# ${oneLine(text)}`;
}

/** A comment ends with its line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function within(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** Words that YAML takes for something else than a text. */
const special = /^(?:true|false|null|yes|no|on|off|y|n|~|\.inf|\.nan|[.0-9].*)$/i;

/** Quoted where it would not be read as the text that it is. */
function scalar(text: string): string {
  const isPlain =
    /^[\p{L}_/.][^\p{Cc}\u2028\u2029\ufeff]*$/u.test(text) &&
    !/:(?:\s|$)|\s#|\s$/.test(text) &&
    !special.test(text);
  return isPlain ? text : JSON.stringify(text);
}
