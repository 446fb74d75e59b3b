/** What `daymark init` saw, what it decided and why, and what to type next. */

import type { ChosenColumns } from '../../init/choose-columns.js';
import type { ChosenWide } from '../../init/choose-wide.js';
import type { Choice } from '../../init/judged-column.js';
import { lookedAt, type Proposal } from '../../init/propose.js';
import { columnTypeText } from '../../model/column-type.js';
import type { Output } from '../console.js';
import { factList } from '../table.js';
import { listed } from '../words.js';

export interface Initiated {
  readonly dataset: string;
  readonly file: string;
  readonly written: boolean;
  /** What it is about, and a sentence. */
  readonly told: readonly (readonly [label: string, words: string])[];
  readonly next: string;
}

interface Written {
  readonly file: string;
  readonly isDry: boolean;
  /** The first of a file is the one that commands are about. */
  readonly isFirst: boolean;
}

export function initiated(proposal: Proposal, { file, isDry, isFirst }: Written): Initiated {
  const { dataset, found, sample } = proposal;
  const { name, chosen, raw, partial } = dataset;
  const told: (readonly [string, string])[] = [
    ['looked at', lookedAt(found, sample)],
    ['raw', raw],
    ...found.leftOut.map((words) => ['', words] as const),
    ...formWords(proposal),
    ...(chosen.kind === 'wide' ? wideWords(chosen) : columnsWords(chosen)),
    ...partial.map(([column, seen]) => ['left out', `${column}: it is ${seen}`] as const),
    ['output', dataset.output],
    ...sample.problems.slice(0, 5).map((problem) => ['warning', problem] as const),
    ...(sample.isWhole
      ? []
      : [
          [
            'note',
            'types are told by what was looked at; a run names a cell that differs by file, line, column and value',
          ] as const,
        ]),
  ];
  const only = isFirst ? '' : ` --dataset ${name}`;
  const next = `daymark check --datasets ${file}${only}`;
  return { dataset: name, file, written: !isDry, told, next };
}

function formWords({ dataset: { form, chosen } }: Proposal): (readonly [string, string])[] {
  const { delimiter, quote } = form;
  const nulls = chosen.kind === 'columns' ? chosen.nulls : [];
  const words = [
    ...(delimiter === ',' ? [] : [`${JSON.stringify(delimiter)} between them`]),
    ...(quote === null ? ['a " is a sign like any other'] : []),
    ...(nulls.length === 0
      ? []
      : [
          `${nulls.map((text) => JSON.stringify(text)).join(', ')} taken for nothing, since it stands among numbers, dates or the like`,
        ]),
  ];
  return words.length === 0 ? [] : [['cells', words.join('; ')]];
}

function wideWords({
  hour,
  dayColumn,
  categories,
  ignore,
}: ChosenWide): (readonly [string, string])[] {
  return [
    [
      'wide',
      `${categories.length} columns hold counts, and each is a category: ${listed(categories.slice(0, 5))}${categories.length > 5 ? ', …' : ''}`,
    ],
    ['keys', `${hour[0]}: ${hour[1]}, whole numbers from 0 to 23`],
    ['day', `${dayColumn} holds the day in every row, and is checked`],
    ...(ignore.length === 0 ? [] : [['left out', `${listed(ignore)}: not counted`] as const]),
  ];
}

function columnsWords(chosen: ChosenColumns): (readonly [string, string])[] {
  const { columns, by, measures, dayColumn, unused } = chosen;
  const types = columns.map((column) => `${column.name} ${columnTypeText(column)}`);
  const keys = by.filter(({ isActive }) => isActive).map(keyWords);
  const sums = measures.filter(({ isActive }) => isActive);
  const others = [...by, ...measures].filter(({ isActive }) => !isActive).length;
  return [
    ['columns', listed(types)],
    ['keys', keys.length === 0 ? 'none: one row for each day' : listed(keys)],
    ['measures', listed(sums.map(({ name, expression }) => `${name}: ${expression}`))],
    ...(dayColumn === null
      ? []
      : [['day', `${dayColumn} holds the day in every row, and is checked`] as const]),
    ...(unused.length === 0
      ? []
      : [['not used', listed(unused.map(([name, why]) => `${name} (${why})`))] as const]),
    ...(others === 0
      ? []
      : [['', `${others} more keys and measures stand in the file as comments`] as const]),
  ];
}

function keyWords({ name, why }: Choice): string {
  return `${name} (${why})`;
}

/** `text`: of the file, where it is to be shown. */
export function viewInit(out: Output, initiated: Initiated, text: string | null): string {
  const { dataset, file, written, told, next } = initiated;
  const title = written ? `${dataset} was added to ${file}` : `${dataset} for ${file}`;
  const facts = factList(out, [...told.map(([label, words]) => [label, words]), ['next', next]]);
  return `${out.paint('bold', title)}\n${facts}${text === null ? '' : `\n${text}`}`;
}
