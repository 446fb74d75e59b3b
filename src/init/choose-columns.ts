/** What is made of typed columns at first: which of them are keys, which are added up, and what else they could be. */

import type { Column, ColumnType } from '../model/column.js';
import type { LayoutName } from '../model/day.js';
import { usualDayNames } from '../model/day.js';
import { argument, fitName, freeName, measuresOf } from './choose-measures.js';
import type { ColumnFacts } from './column-facts.js';
import {
  looksLikeDay,
  looksLikeDimension,
  looksLikeIdentifier,
  looksLikeLevel,
} from './column-words.js';
import type { Choice, Judged, Use } from './judged-column.js';

export interface ChosenColumn extends Column {
  readonly note: string;
}

export interface ChosenColumns {
  readonly kind: 'columns';
  readonly columns: readonly ChosenColumn[];
  readonly nulls: readonly string[];
  readonly dayName: string | null;
  readonly dayColumn: string | null;
  readonly by: readonly Choice[];
  readonly measures: readonly Choice[];
  /** Columns that have no part in the first choice, and why. */
  readonly unused: readonly (readonly [name: string, why: string])[];
}

export function chooseColumns(
  all: readonly ColumnFacts[],
  dayKind: LayoutName,
  isOneDay: boolean,
): ChosenColumns {
  const nulls = nullsOf(all);
  const dayFacts = dayColumnIn(all, dayKind, isOneDay);
  const judged = all.map((facts) => judge(facts, nulls, facts === dayFacts));
  const keys = keysOf(judged);
  const names = new Set(keys.flatMap(({ isActive, name }) => (isActive ? [name] : [])));
  const dayName = names.has(usualDayNames[dayKind]) ? freeName('day', names) : null;
  names.add(dayName ?? usualDayNames[dayKind]);
  const measures = measuresOf(judged, names);
  return {
    kind: 'columns',
    columns: judged.map(({ column, facts }) => ({ ...column, note: noteOn(facts, nulls) })),
    nulls: [...nulls],
    ...{ dayName, dayColumn: dayFacts?.name ?? null, by: keys, measures },
    unused: judged.flatMap(({ use, column, why }) =>
      names.has(column.name) || use === 'day' || isSummed(column, measures)
        ? []
        : [[column.name, why] as const],
    ),
  };
}

function isSummed({ name }: Column, measures: readonly Choice[]): boolean {
  return measures.some((each) => each.isActive && each.expression === `sum(${argument(name)})`);
}

/** Texts that stand between cells of another type than text. */
function nullsOf(all: readonly ColumnFacts[]): ReadonlySet<string> {
  const typed = all.filter(({ typed: type }) => type !== null);
  return new Set(typed.flatMap(({ nulls }) => [...nulls.keys()]));
}

/** A number may be the day's by chance, where there is but one day. */
function dayColumnIn(
  all: readonly ColumnFacts[],
  dayKind: LayoutName,
  isOneDay: boolean,
): ColumnFacts | null {
  const holding = all.filter(
    ({ cells, days, typed }) => cells > 0 && days === cells && isDayType(typed?.kind, dayKind),
  );
  const sure = dayKind === 'date' || !isOneDay ? holding : [];
  return holding.find(({ name }) => looksLikeDay(name)) ?? sure[0] ?? null;
}

function isDayType(kind: ColumnType['kind'] | undefined, dayKind: LayoutName): boolean {
  return kind === (dayKind === 'date' ? 'date' : 'integer');
}

// ---------------------------------------------------------------- judging

function judge(facts: ColumnFacts, nulls: ReadonlySet<string>, isDay: boolean): Judged {
  const column = { name: facts.name, ...facts.columnWith(nulls) };
  const [use, why] = isDay ? (['day', 'it holds the day'] as const) : useOf(facts, column);
  return { facts, column, use, why };
}

function useOf(facts: ColumnFacts, { name, type }: Column): readonly [Use, string] {
  if (facts.values === 0) return ['empty', 'nothing stands in it'];
  const many = facts.isMany ? 'many different values' : `${facts.distinct.size} different values`;
  switch (type.kind) {
    case 'timestamp':
      return ['time', 'a time'];
    case 'date':
      return ['date', 'a date other than the day'];
    case 'boolean':
      return ['key', 'true or false'];
    case 'text':
      return useOfText(facts, name, many);
    default:
      return useOfNumber(facts, name, type.kind === 'integer', many);
  }
}

function useOfText(facts: ColumnFacts, name: string, many: string): readonly [Use, string] {
  const isId = looksLikeIdentifier(name);
  if (isFewIn(facts) && !(isId && facts.distinct.size === facts.values)) return ['key', many];
  return isId ? ['identifier', 'an identifier'] : ['text', `text with ${many}`];
}

function useOfNumber(
  facts: ColumnFacts,
  name: string,
  isWhole: boolean,
  many: string,
): readonly [Use, string] {
  if (looksLikeIdentifier(name)) {
    return isRepeated(facts) ? ['key', many] : ['identifier', 'an identifier'];
  }
  if (isWhole && looksLikeDimension(name)) {
    return isFewIn(facts)
      ? ['key', many]
      : ['identifier', `a number that names something, with ${many}`];
  }
  if (isWhole && isSequence(facts)) {
    return ['identifier', 'each number is larger than the one before, as identifiers are'];
  }
  return looksLikeLevel(name) ? ['level', 'a sum of it would say nothing'] : ['sum', 'an amount'];
}

const fewKeys = 12;

/** So few values that rows fall into groups. */
function isFewIn({ distinct, values, name }: ColumnFacts): boolean {
  if (distinct.size > 1_000) return false;
  if (distinct.size <= Math.max(fewKeys, values / 4)) {
    return distinct.size < values || values < 2 || looksLikeDimension(name);
  }
  return looksLikeDimension(name) && distinct.size <= Math.max(100, values / 2);
}

function isRepeated({ distinct, values }: ColumnFacts): boolean {
  return distinct.size <= 1_000 && distinct.size * 4 <= values;
}

function isSequence({ ascends, values }: ColumnFacts): boolean {
  return ascends && values >= 10;
}

// ---------------------------------------------------------------- keys and measures

const mostKeys = 4;
const mostGroups = 100_000;

function keysOf(judged: readonly Judged[]): Choice[] {
  let [count, groups] = [0, 1];
  return judged.flatMap(({ use, why, column: { name }, facts }): Choice[] => {
    if (!fitName.test(name)) return [];
    if (use === 'time' || use === 'date') return partsOf(name, use);
    const isKey = use === 'key';
    if (!isKey && !(use === 'sum' && isFewIn(facts))) return [];
    const isActive =
      isKey && count < mostKeys && groups * Math.max(1, facts.distinct.size) <= mostGroups;
    if (isActive) {
      count += 1;
      groups *= Math.max(1, facts.distinct.size);
    }
    const more = isKey ? why : `${facts.distinct.size} different values; instead of its sum`;
    return [{ isActive, name, expression: null, why: more }];
  });
}

function partsOf(name: string, use: 'time' | 'date'): Choice[] {
  const parts = use === 'time' ? (['hour', 'weekday'] as const) : (['weekday'] as const);
  const said = { hour: '0 to 23, in UTC', weekday: '1 is Monday, 7 Sunday' };
  return parts.map((part) => ({
    ...{ isActive: false, name: part, why: said[part] },
    expression: `${part}(${argument(name)})`,
  }));
}

function noteOn(facts: ColumnFacts, nulls: ReadonlySet<string>): string {
  const { cells, empty, numbers, odd, distinct } = facts;
  const nothing = [...facts.nulls].filter(([text]) => nulls.has(text));
  const without = empty + nothing.reduce((sum, [, count]) => sum + count, 0);
  const texts = [...facts.nulls.keys()].filter((text) => !nulls.has(text));
  return [
    ...(cells > 0 && without === cells ? ['always empty so far, so its type is not known'] : []),
    ...(without > 0 && without < cells ? [`empty in ${without} of ${cells} cells`] : []),
    ...(facts.hasLeadingZeros && odd.length === 0 ? ['numbers with zeros in front, so text'] : []),
    ...(odd.length > 0 && numbers > 9 * odd.length && numbers * 10 >= distinct.size * 9
      ? [
          `nearly all are numbers, but not ${odd.map((text) => JSON.stringify(text.slice(0, 30))).join(', ')}`,
        ]
      : []),
    ...(odd.length > 0 && odd.every((text) => /^-?[0-9.]+,[0-9]+$/.test(text))
      ? ['numbers with a comma as decimal sign are text here']
      : []),
    ...(texts.length > 0 && facts.typed === null
      ? [
          `${texts.map((text) => JSON.stringify(text)).join(', ')} is text here; list it in csv.nulls if it stands for nothing`,
        ]
      : []),
  ].join('; ');
}
