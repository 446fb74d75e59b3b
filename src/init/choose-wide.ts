/** Whether files have one column for each category, whose cells are counts: only where that is clear. */
import { defaultIgnoredColumns } from '../config/ignored-columns.js';
import type { RowForm } from '../engine/csv/row-parser.js';
import { usualCsv } from '../model/columns-definition.js';
import type { ColumnFacts } from './column-facts.js';
import {
  looksLikeDay,
  looksLikeDimension,
  looksLikeHour,
  looksLikeIdentifier,
} from './column-words.js';

export interface ChosenWide {
  readonly kind: 'wide';
  /** A raw column, and what the output calls it. */
  readonly hour: readonly [name: string, column: string];
  readonly dayColumn: string;
  readonly ignore: readonly string[];
  readonly categories: readonly string[];
}

const seedHour = 'order_hour_of_day';
/** Of files whose hour is not named as the seed's is. */
const leastCategories = 8;

/** Null where it is not clear. */
export function chooseWide(all: readonly ColumnFacts[], form: RowForm): ChosenWide | null {
  // Other forms are read with `columns` alone.
  if (form.delimiter !== usualCsv.delimiter || form.quote !== usualCsv.quote) return null;
  const day = all.find((facts) => looksLikeDay(facts.name) && facts.days === facts.cells);
  const hours = all.filter((facts) => facts !== day && holdsHours(facts));
  const hour = hours.find(({ name }) => name === seedHour) ?? hours[0];
  if (day === undefined || hour === undefined || day.cells === 0) return null;
  const others = all.filter((facts) => facts !== day && facts !== hour);
  const categories = others.filter(isCategory).map(({ name }) => name);
  const ignore = others.filter((facts) => !isCategory(facts)).map(({ name }) => name);
  const least = hour.name === seedHour ? 1 : leastCategories;
  if (categories.length < least || ignore.length > categories.length + leastCategories) return null;
  return {
    kind: 'wide',
    hour: [hour.name === seedHour ? 'hour_of_day' : 'hour', hour.name],
    ...{ dayColumn: day.name, ignore, categories },
  };
}

function holdsHours({ name, cells, values, odd, least, most, distinct }: ColumnFacts): boolean {
  if (!looksLikeHour(name) || cells === 0 || values < cells || odd.length > 0) return false;
  const areWhole = [...distinct].every((text) => /^[0-9]{1,2}(?:\.0+)?$/.test(text));
  return areWhole && least >= 0 && most <= 23;
}

/** A count in every row, and not what the row is about. */
function isCategory(facts: ColumnFacts): boolean {
  const { name, nulls, distinct } = facts;
  if ((defaultIgnoredColumns as readonly string[]).includes(name)) return false;
  if (nulls.size > 0 || looksLikeIdentifier(name) || looksLikeDimension(name)) return false;
  return [...distinct].every((text) => /^[0-9]+(?:\.0+)?$/.test(text));
}
