import type { Cell, ColumnType } from '../../model/column.js';
import type { ColumnsDefinition } from '../../model/columns-definition.js';
import type { Day } from '../../model/day.js';
import { isDay } from '../csv/cells.js';
import type { Groups } from '../csv/columns/groups.js';
import { type ReadColumn, readColumnsHeader } from '../csv/columns/header.js';
import { emptyCell } from '../csv/columns/row-reader.js';
import { cellMessages } from '../csv/row-reader.js';
import { differenceOf, folded, madeVisible } from '../header-names.js';
import { FileFault, type ProblemLog, problemIn, shorten } from '../problems.js';
import { type Field, type Fields, fieldsOf } from './fields.js';
import { digitsOf, JsonText, NotJson, textOf, type ValueKind } from './json-text.js';

/** A declared column, or the one that holds the day, and what the row at hand has for it. */
interface Slot {
  readonly column: ReadColumn;
  readonly takes: readonly ValueKind[];
  /** Whether it is only compared with the day. */
  readonly isDayAlone: boolean;
  /** The last line that had it, and how it is written there; 0 if none had. */
  line: number;
  kind: ValueKind;
  source: string;
  /** The last line in which what should hold it is no object. */
  blockedLine: number;
  /** The first line that lacks it. */
  lackedLine: number;
}

const takenBy: Readonly<Record<ColumnType['kind'], ValueKind>> = {
  ...{ text: 'string', date: 'string', timestamp: 'string' },
  ...{ integer: 'number', decimal: 'number', boolean: 'boolean' },
} as const;

const kindWords: Readonly<Record<ValueKind, string>> = {
  ...{ string: 'a string', number: 'a number', boolean: 'true or false', null: 'null' },
  ...{ object: 'an object', array: 'an array' },
};

/** More names are not compared with those of columns. */
const mostStrangers = 1000;

/** Reads the lines of one file into the day's groups, and their problems into the day's log. */
export class JsonlRowReader {
  /** Objects read so far. */
  rows = 0;
  /** Of the row at hand; it also marks what the row has. */
  #line = 0;
  #isFirst = true;
  #json = new JsonText('');
  /** What is wrong with the fields of the row at hand. */
  #wrong: { readonly message: string; readonly column: string } | null = null;
  readonly #slots: readonly Slot[];
  readonly #fields: Fields;
  readonly #cells: Cell[];
  /** Undeclared fields, by what people take for the same name, with the lines that had them first. */
  readonly #strangers = new Map<string, { readonly name: string; readonly line: number }>();
  readonly #met = new Set<string>();

  constructor(
    readonly file: string,
    readonly day: Day,
    readonly definition: ColumnsDefinition,
    readonly groups: Groups,
    readonly log: ProblemLog,
  ) {
    this.#slots = slotsOf(definition);
    this.#fields = fieldsOf(this.#slots.map(({ column }) => column.name));
    this.#cells = definition.columns.map(() => null);
  }

  /** Whole lines. Once the log is full, nothing more is counted. Throws FileFault where the file is no JSON Lines. */
  read(text: string): void {
    this.#json = new JsonText(text);
    for (let start = 0; start < text.length && !this.log.full; ) {
      const end = text.indexOf('\n', start);
      this.#line += 1;
      this.#readLine(start);
      start = end === -1 ? text.length : end + 1;
    }
  }

  /** Tells of columns that no row had, although one has a field that is named nearly so. */
  finish(): void {
    for (const { line, lackedLine, column } of this.#slots) {
      const similar = line === 0 && lackedLine > 0 ? this.#similarTo(column) : null;
      if (similar === null) continue;
      const message = `no object has this field${similar.words}; name it in the dataset as the file does`;
      this.log.add(problemIn(this.file, message, { line: similar.line, column: column.name }));
    }
  }

  #readLine(start: number): void {
    const json = this.#json;
    json.at = start;
    const sign = json.peek();
    if (sign === '') return;
    try {
      if (sign !== '{') throw this.#noObject(json);
      this.#wrong = null;
      this.#object(this.#fields);
      if (json.peek() !== '') throw json.unexpected('the end of the line');
      this.#isFirst = false;
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      this.#refuse(error, start);
      return;
    }
    this.rows += 1;
    this.groups.records += 1;
    this.#takeRow();
  }

  /** Of a line that begins otherwise. */
  #noObject(json: JsonText): NotJson {
    const { at } = json;
    if (this.#isFirst && json.peek() === '[') throw this.#fault(isArray);
    return new NotJson(at, `it is ${kindWords[json.value()]}`);
  }

  #refuse({ at, message, isCut }: NotJson, start: number): void {
    if (this.#isFirst && isCut) throw this.#fault(isSpread);
    this.#isFirst = false;
    const told = `the line is not an object of JSON: ${message}, at character ${at - start + 1}`;
    this.log.add(problemIn(this.file, told, { line: this.#line }));
  }

  #fault(message: string): FileFault {
    return new FileFault([problemIn(this.file, message, { line: this.#line })]);
  }

  // ---------------------------------------------------------------- fields

  #object(fields: Fields): void {
    const json = this.#json;
    json.take('{');
    if (json.peek() === '}') {
      json.at += 1;
      return;
    }
    for (;;) {
      if (json.peek() !== '"') throw json.unexpected('a name in quotes');
      json.string();
      const name = textOf(json.source);
      json.take(':');
      const field = fields.get(name);
      if (field !== undefined) this.#field(field);
      else {
        if (fields === this.#fields) this.#meet(name);
        json.value();
      }
      if (json.peek() === '}') break;
      json.take(',');
    }
    json.at += 1;
  }

  #field(field: Field): void {
    const json = this.#json;
    if (field.line === this.#line) {
      const message = 'the object has two fields of this name';
      this.#wrong ??= { message, column: field.name };
    }
    field.line = this.#line;
    if (field.within.size === 0 || json.peek() !== '{') {
      const kind = json.value();
      this.#fill(field, kind);
      if (kind === 'null') return;
      for (const place of field.below) this.#slot(place).blockedLine = this.#line;
      return;
    }
    const start = json.at;
    this.#object(field.within);
    json.from = start;
    this.#fill(field, 'object');
  }

  #meet(name: string): void {
    if (this.#met.size >= mostStrangers || this.#met.has(name)) return;
    this.#met.add(name);
    const key = folded(name);
    if (!this.#strangers.has(key)) this.#strangers.set(key, { name, line: this.#line });
  }

  #fill({ slots }: Field, kind: ValueKind): void {
    for (const place of slots) {
      const slot = this.#slot(place);
      const column = slot.column.name;
      if (slot.line === this.#line) this.#wrong ??= { message: ambiguous, column };
      slot.line = this.#line;
      slot.kind = kind;
      slot.source = this.#json.source;
    }
  }

  #slot(place: number): Slot {
    return this.#slots[place] as Slot;
  }

  // ---------------------------------------------------------------- cells

  #takeRow(): void {
    const { file, log, groups } = this;
    const line = this.#line;
    if (this.#wrong !== null) {
      const { message, column } = this.#wrong;
      log.add(problemIn(file, message, { line, column }));
      return;
    }
    for (const slot of this.#slots) {
      const message = slot.line === line ? this.#take(slot) : this.#takeNothing(slot);
      if (message === null) continue;
      const place = { line, column: slot.column.name };
      const value = slot.line === line ? { value: shownOf(slot) } : {};
      log.add(problemIn(file, message, { ...place, ...value }));
    }
    // A day with problems reports nothing else.
    if (log.count === 0) groups.add(this.#cells, { file, line, row: groups.records });
  }

  /** Returns what is wrong with the value. */
  #take(slot: Slot): string | null {
    if (slot.isDayAlone) return this.#compareDay(slot);
    const { column, kind, source, takes } = slot;
    const isEmpty = kind === 'null' || (source === '""' && takes.includes('string'));
    if (isEmpty) return this.#takeEmpty(column, emptyCell);
    if (!takes.includes(kind)) return otherKind(slot);
    const text = readings[kind](source);
    if (text !== null && column.holdsDay && !this.#isDay(text)) return cellMessages.day(this.day);
    const cell = text === null ? null : column.read(text);
    if (cell === null) return column.expected;
    if (source.includes('\\') && /[\0\p{Cs}]/u.test(cell)) return noText;
    this.#cells[column.to] = cell;
    return null;
  }

  #takeEmpty({ to, nullable, holdsDay }: ReadColumn, message: string): string | null {
    if (holdsDay) return cellMessages.day(this.day);
    if (!nullable) return message;
    this.#cells[to] = null;
    return null;
  }

  #isDay(text: string): boolean {
    return isDay(text, this.day, this.definition.dayKind);
  }

  #compareDay({ kind, source, takes, lackedLine }: Slot): string | null {
    const text = takes.includes(kind) ? readings[kind](source) : null;
    if (text === null || !this.#isDay(text)) return cellMessages.day(this.day);
    return lackedLine === 0
      ? null
      : `line ${lackedLine} of the file lacks this field; either all rows have it, or none`;
  }

  #takeNothing(slot: Slot): string | null {
    const { column, isDayAlone, blockedLine, line } = slot;
    if (slot.lackedLine === 0) slot.lackedLine = this.#line;
    if (blockedLine === this.#line) return 'what should hold this field is not an object';
    if (!isDayAlone) {
      const message = this.#takeEmpty(column, missing);
      return message && `${message}${this.#similarTo(column)?.words ?? ''}`;
    }
    return line === 0
      ? null
      : `line ${line} of the file has this field; either all rows have it, or none`;
  }

  #similarTo({
    name: meant,
  }: ReadColumn): { readonly words: string; readonly line: number } | null {
    const key = folded(meant);
    // A name of signs alone would be similar to every other.
    const found = key === '' ? undefined : this.#strangers.get(key);
    if (found === undefined) return null;
    const { name, line } = found;
    const words = `, but ${JSON.stringify(shorten(madeVisible(name)))} is probably the same ${differenceOf(name, meant)}`;
    return { words, line };
  }
}

const isArray =
  'the file is a JSON array, not JSON Lines: one object in each line is expected, without brackets around them';
const isSpread =
  'the line ends within an object; JSON Lines is expected, with each object whole in one line';
const ambiguous =
  'the object has a field of this name, and one along the path as well; it is unclear which of them is meant';
const missing =
  'the field is missing; a ? after the type of this column, under columns of the dataset, would allow that';
const noText = 'the string has a NUL, or half of a surrogate pair; it is not text';

/** The reference for cells is the one of CSV: a text is read by the same rules, however it is stored. */
const readings: Readonly<Record<ValueKind, (source: string) => string | null>> = {
  ...{ string: textOf, number: digitsOf, boolean: (source) => source },
  ...{ null: () => null, object: () => null, array: () => null },
};

function slotsOf(definition: ColumnsDefinition): Slot[] {
  const { columns, dayColumn } = definition;
  const declared = columns.map(({ name }) => name);
  const isDeclared = dayColumn === null || declared.includes(dayColumn);
  const names = isDeclared ? declared : [...declared, dayColumn];
  return readColumnsHeader(names, '', definition, 0).read.map((column) => {
    const type = columns[column.to]?.type.kind;
    const takes: ValueKind[] = type === undefined ? ['string', 'number'] : [takenBy[type]];
    const row = { line: 0, kind: 'null', source: '', blockedLine: 0, lackedLine: 0 } as const;
    return { column, takes, isDayAlone: type === undefined, ...row };
  });
}

function otherKind({ column: { expected }, kind, takes }: Slot): string {
  const quotes = takes.includes('string') ? ', in quotes' : '';
  return `it is ${kindWords[kind]}; ${expected}${kind === 'string' ? ', without quotes' : quotes}`;
}

function shownOf({ kind, source }: Slot): string {
  return kind === 'string' ? textOf(source) : source;
}
