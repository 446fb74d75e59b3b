/** Mistakes in a definition that involve more than one of its texts. */
import type { ColumnType } from './column.js';
import type { ColumnsDefinition, ColumnsSource, CsvForm } from './columns-definition.js';
import type { LayoutName } from './day.js';
import { inQuotes, type KnownColumns } from './parse-columns.js';

export interface DefinitionMistake {
  /** Where in the dataset: `['by', 0]`, `['measures', 'fare']`. */
  readonly path: readonly (string | number)[];
  /** The character of the text there, from 0; null if the whole text is wrong. */
  readonly at: number | null;
  readonly message: string;
}

/** A column of the output other than the day. */
export interface OutputName {
  readonly name: string;
  readonly what: string;
  readonly path: DefinitionMistake['path'];
}

export function noColumns({ columns }: Pick<ColumnsSource, 'columns'>): DefinitionMistake[] {
  if (columns.length > 0) return [];
  return [whole(['columns'], 'it must name at least one column of the raw files')];
}

export function listMistakes({ columns, measures }: ColumnsSource): DefinitionMistake[] {
  const mistakes = noColumns({ columns });
  if (measures.length === 0) {
    mistakes.push(
      whole(['measures'], 'it must have at least one; count() counts the rows of a group'),
    );
  }
  return mistakes;
}

export function nameMistakes(dayName: string, others: readonly OutputName[]): DefinitionMistake[] {
  const dayColumn: OutputName = { name: dayName, what: 'the day column', path: ['day_name'] };
  const taken = new Map<string, OutputName>();
  return [dayColumn, ...others].flatMap((each) => {
    const first = taken.get(each.name);
    taken.set(each.name, first ?? each);
    if (!fitName.test(each.name)) {
      return [
        whole(each.path, 'a column of the output needs a name, without line ends or tabs in it'),
      ];
    }
    return first === undefined ? [] : [whole(each.path, sameName(first, each))];
  });
}

/** At least one visible character, and no control characters. */
const fitName = /^(?=.*\S)[^\p{Cc}\u2028\u2029]+$/u;

function sameName(first: OutputName, { name, what }: OutputName): string {
  const message = `two columns of the output are named ${inQuotes(name)}: ${first.what} and ${what}`;
  return first.what === 'the day column'
    ? `${message}; day_name gives the day column another name`
    : message;
}

const dayTypes: Record<LayoutName, ColumnType['kind']> = { index: 'integer', date: 'date' };

export function dayColumnMistakes(
  { dayColumn, dayKind }: Pick<ColumnsDefinition, 'dayColumn' | 'dayKind'>,
  known: KnownColumns,
): DefinitionMistake[] {
  const column = dayColumn === null ? null : known.get(dayColumn);
  if (!column || ['text', dayTypes[dayKind]].includes(column.type.kind)) return [];
  const message = `the column ${inQuotes(column.name)} is of type ${column.type.kind}; one that holds the day must be text or ${dayTypes[dayKind]}`;
  return [whole(['day_column'], message)];
}

export function csvMistakes({ delimiter, quote, nulls }: CsvForm): DefinitionMistake[] {
  const mistakes: DefinitionMistake[] = [];
  const one = 'must be one ASCII character, but not a letter, digit, line end or NUL';
  if (!fitSign.test(delimiter)) mistakes.push(whole(['csv', 'delimiter'], `it ${one}`));
  if (quote !== null && !fitSign.test(quote)) mistakes.push(whole(['csv', 'quote'], `it ${one}`));
  if (quote === delimiter) {
    mistakes.push(whole(['csv', 'quote'], 'it is the delimiter, too; they must differ'));
  }
  for (const [index, text] of nulls.entries()) {
    if (/[\0\r\n]/.test(text)) {
      mistakes.push(whole(['csv', 'nulls', index], 'it must not hold line ends or NUL'));
    }
  }
  return mistakes;
}

const fitSign = /^(?![0-9A-Za-z\0\r\n])[\0-\x7f]$/;

export function whole(path: DefinitionMistake['path'], message: string): DefinitionMistake {
  return { path, at: null, message };
}
