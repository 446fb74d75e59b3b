/** Reads a `wide` definition, and lists everything that is wrong with it. */
import type { DefinitionMistake } from './check-columns.js';
import { nameMistakes } from './check-columns.js';
import { usualDayNames } from './day.js';
import { bucketsOf, type WideDefinition } from './definition.js';

/** Missing values get their defaults. */
export type WideSource = Pick<WideDefinition, 'dayKind' | 'by' | 'ignore'> &
  Partial<Pick<WideDefinition, 'dayName' | 'dayColumn' | 'category' | 'value'>>;

/** Each category has a sum for each combination of values of the `by` columns. */
const mostBuckets = 10_000;

export function readWideDefinition(source: WideSource): {
  readonly definition: WideDefinition;
  /** Their paths are within the dataset. */
  readonly mistakes: readonly DefinitionMistake[];
} {
  const definition: WideDefinition = {
    kind: 'wide',
    dayName: usualDayNames[source.dayKind],
    dayColumn: null,
    category: 'category',
    value: 'items_count',
    ...source,
  };
  const mistakes = [
    ...rangeMistakes(definition),
    ...namesOf(definition),
    ...rawMistakes(definition),
  ];
  return { definition, mistakes };
}

const told = (path: readonly string[], message: string): DefinitionMistake => ({
  path: ['wide', ...path],
  at: null,
  message,
});

function rangeMistakes({ by }: WideDefinition): DefinitionMistake[] {
  const backwards = by
    .filter(({ least, most }) => least > most)
    .map(({ name, least, most }) =>
      told(['by', name], `it ends at ${most}, which is below its start, ${least}`),
    );
  if (backwards.length > 0 || bucketsOf({ by }) <= mostBuckets) return backwards;
  const many = bucketsOf({ by }).toLocaleString('en');
  return [
    told(
      ['by'],
      `its values have ${many} combinations, and ${mostBuckets.toLocaleString('en')} are the most; give from and to, or declare columns in place of wide`,
    ),
  ];
}

function namesOf({ dayName, by, category, value }: WideDefinition): DefinitionMistake[] {
  return nameMistakes(dayName, [
    ...by.map(({ name }) => ({ name, what: 'a column of by', path: ['wide', 'by', name] })),
    { name: category, what: 'the categories', path: ['wide', 'category'] },
    { name: value, what: 'the counts', path: ['wide', 'value'] },
  ]);
}

/** A raw column can have only one role. */
function rawMistakes({ by, dayColumn, ignore }: WideDefinition): DefinitionMistake[] {
  const taken = new Map<string, string>();
  const columns = [
    ...by.map(({ name, column }) => ({ column, what: `by ${name}`, path: ['by', name] })),
    ...(dayColumn === null ? [] : [{ column: dayColumn, what: 'the day', path: ['day_column'] }]),
  ];
  return columns.flatMap(({ column, what, path }) => {
    const first = taken.get(column);
    taken.set(column, first ?? what);
    if (first !== undefined) return [told(path, `the raw column ${column} is ${first} already`)];
    return ignore.includes(column) && what !== 'the day'
      ? [told(['ignore'], `the raw column ${column} is ${what}, and cannot be ignored`)]
      : [];
  });
}
