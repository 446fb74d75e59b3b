/** Parses keys and measures, given the declared columns. */
import { closestTo } from './closest-name.js';
import type { Column, ColumnType } from './column.js';
import { measureRules, partRules } from './column-functions.js';
import {
  type KeyExpression,
  type KeyPart,
  keyParts,
  type MeasureExpression,
  type MeasureName,
  measureNames,
} from './columns-definition.js';
import { mostDigits } from './exact.js';
import { parseExpression, type Word } from './expression.js';
import { Misread } from './misread.js';

/** By name; null for one with a misread type, so that it is not reported twice. */
export type KnownColumns = ReadonlyMap<string, Column | null>;

/** Throws Misread. */
export function parseKey(text: string, known: KnownColumns): KeyExpression {
  // A name may be any text.
  if (known.has(text)) return { name: text, column: text, part: null };
  const { name, call, args } = parseExpression(text);
  if (call === null) {
    const [word = end(text)] = args;
    columnOf(word, known);
    return { name: (name ?? word).text, column: word.text, part: null };
  }
  const part = functionOf(call, keyParts, 'keys');
  const word = onlyArgument(call, args, part);
  checkType(word, columnOf(word, known), part, partRules[part].takes);
  if (name !== null) return { name: name.text, column: word.text, part };
  throw new Misread(
    0,
    `${part}(…) needs a name for its column: ${inQuotes(`${part}: ${text.trim()}`)}`,
  );
}

/** Throws Misread. */
export function parseMeasure(name: string, text: string, known: KnownColumns): MeasureExpression {
  const { name: second, call, args } = parseExpression(text);
  if (second !== null) {
    throw new Misread(
      second.at,
      `the measure is named ${inQuotes(name)} already; there can be no second name before a colon`,
    );
  }
  if (call === null) throw new Misread(args[0]?.at ?? 0, noFunction(args[0]?.text ?? '', known));
  const measure = functionOf(call, measureNames, 'measures');
  if (measure === 'count' && args.length === 0) return { name, measure, column: null, scale: null };
  const scale = measure === 'avg' ? scaleOf(call, args) : null;
  const word = onlyArgument(call, measure === 'avg' ? args.slice(0, 1) : args, measure);
  const column = columnOf(word, known);
  checkType(word, column, measure, measureRules[measure].takes);
  if (column !== null && scale !== null) checkDigits(args[1] as Word, column.type, scale);
  return { name, measure, column: word.text, scale };
}

function noFunction(word: string, known: KnownColumns): string {
  const example = known.has(word) ? `: sum(${word})` : '';
  return `a measure is a function of a column${example}; there are ${measureNames.join(', ')}`;
}

function functionOf<T extends string>({ text, at }: Word, all: readonly T[], what: string): T {
  const found = all.find((each) => each === text);
  if (found !== undefined) return found;
  const other: readonly string[] = [...keyParts, ...measureNames];
  const meant = closestTo(text.toLowerCase(), all);
  const hint = meant === null ? '' : `. Did you mean ${meant}?`;
  const message = other.includes(text)
    ? `${text} is not a function for ${what}`
    : `there is no function ${inQuotes(text)}`;
  throw new Misread(at, `${message}; for ${what} there are ${all.join(', ')}${hint}`);
}

function onlyArgument(call: Word, args: readonly Word[], name: KeyPart | MeasureName): Word {
  const [word, more] = args;
  if (word === undefined) throw new Misread(call.at, `${name} needs a column: ${name}(x)`);
  if (more !== undefined) throw new Misread(more.at, `${name} takes one column and nothing else`);
  return word;
}

function columnOf({ text, at }: Word, known: KnownColumns): Column | null {
  const column = known.get(text);
  if (column !== undefined) return column;
  const meant = closestTo(text, [...known.keys()]);
  const hint = meant === null ? '' : `. Did you mean ${inQuotes(meant)}?`;
  const names = [...known.keys()].map(inQuotes).join(', ');
  const message = known.size === 0 ? 'columns declares none' : `columns declares ${names}`;
  throw new Misread(at, `there is no column ${inQuotes(text)}; ${message}${hint}`);
}

function checkType(
  { at }: Word,
  column: Column | null,
  name: KeyPart | MeasureName,
  takes: readonly ColumnType['kind'][] | null,
): void {
  if (column === null || takes === null || takes.includes(column.type.kind)) return;
  const message = `${name} takes a column of type ${takes.join(' or ')}; ${inQuotes(column.name)} is of type ${column.type.kind}`;
  throw new Misread(at, message);
}

function scaleOf(call: Word, [column, scale, more]: readonly Word[]): number {
  const example = `avg(${column?.text ?? 'x'}, 2)`;
  if (scale === undefined) {
    throw new Misread(call.at, `avg needs the number of decimals to round to: ${example}`);
  }
  if (more !== undefined) throw new Misread(more.at, `avg takes a column and a number: ${example}`);
  if (/^[0-9]{1,2}$/.test(scale.text) && Number(scale.text) <= mostDigits)
    return Number(scale.text);
  throw new Misread(scale.at, `the number of decimals must be from 0 to ${mostDigits}: ${example}`);
}

/** An average is never larger than the largest cell, so it fits wherever such a cell does. */
function checkDigits({ at }: Word, type: ColumnType, scale: number): void {
  const before = type.kind === 'decimal' ? type.precision - type.scale : integerDigits;
  if (before + scale <= mostDigits) return;
  const message = `with ${before} digits before the point the average may have at most ${mostDigits - before} after it`;
  throw new Misread(at, message);
}

const integerDigits = 19;

function end(text: string): Word {
  return { text: '', at: text.length };
}

export function inQuotes(name: string): string {
  return JSON.stringify(name);
}
