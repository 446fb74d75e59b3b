import type { Cell } from '../../model/column.js';
import type { RawColumns } from '../../model/columns-definition.js';
import type { Day } from '../../model/day.js';
import { isDay } from '../csv/cells.js';
import type { ReadColumn } from '../csv/columns/header.js';
import type { RowTaker } from '../csv/columns/row-reader.js';
import { emptyCell } from '../csv/columns/row-reader.js';
import { cellMessages } from '../csv/row-reader.js';
import { FileFault, type ProblemLog, problemIn } from '../problems.js';
import { digitsOf, JsonText, NotJson, textOf, type ValueKind } from './json-text.js';
import { ObjectReader, type WrongField } from './object-reader.js';
import { type Slot, slotsOf } from './slots.js';

const kindWords: Readonly<Record<ValueKind, string>> = {
  ...{ string: 'a string', number: 'a number', boolean: 'true or false', null: 'null' },
  ...{ object: 'an object', array: 'an array' },
};

/** Reads the lines of one file into the day's groups, and their problems into the day's log. */
export class JsonlRowReader {
  /** Objects read so far. */
  rows = 0;
  /** Of the row at hand. */
  #line = 0;
  #isFirst = true;
  #json = new JsonText('');
  readonly #slots: readonly Slot[];
  readonly #objects: ObjectReader;
  readonly #cells: Cell[];

  constructor(
    readonly file: string,
    readonly day: Day,
    readonly definition: RawColumns,
    readonly taker: RowTaker,
    readonly log: ProblemLog,
  ) {
    this.#slots = slotsOf(definition);
    this.#objects = new ObjectReader(this.#slots);
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
      const similar =
        line === 0 && lackedLine > 0 ? this.#objects.strangers.similarTo(column.name) : null;
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
    let wrong: WrongField | null;
    try {
      if (sign !== '{') throw this.#noObject(json);
      wrong = this.#objects.read(json, this.#line);
      if (json.peek() !== '') throw json.unexpected('the end of the line');
      this.#isFirst = false;
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      this.#refuse(error, start);
      return;
    }
    this.rows += 1;
    this.taker.records += 1;
    if (wrong === null) this.#takeRow();
    else
      this.log.add(problemIn(this.file, wrong.message, { line: this.#line, column: wrong.column }));
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

  // ---------------------------------------------------------------- cells

  #takeRow(): void {
    const { file, log, taker } = this;
    const line = this.#line;
    for (const slot of this.#slots) {
      const message = slot.line === line ? this.#take(slot) : this.#takeNothing(slot);
      if (message === null) continue;
      const place = { line, column: slot.column.name };
      const value = slot.line === line ? { value: shownOf(slot) } : {};
      log.add(problemIn(file, message, { ...place, ...value }));
    }
    // A day with problems reports nothing else.
    if (log.count === 0) taker.add(this.#cells, { file, line, row: taker.records });
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
      return message && `${message}${this.#objects.strangers.similarTo(column.name)?.words ?? ''}`;
    }
    return line === 0
      ? null
      : `line ${line} of the file has this field; either all rows have it, or none`;
  }
}

const isArray =
  'the file is a JSON array, not JSON Lines: one object in each line is expected, without brackets around them';
const isSpread =
  'the line ends within an object; JSON Lines is expected, with each object whole in one line';
const missing =
  'the field is missing; a ? after the type of this column, under columns of the dataset, would allow that';
const noText = 'the string has a NUL, or half of a surrogate pair; it is not text';

/** The reference for cells is the one of CSV: a text is read by the same rules, however it is stored. */
const readings: Readonly<Record<ValueKind, (source: string) => string | null>> = {
  ...{ string: textOf, number: digitsOf, boolean: (source) => source },
  ...{ null: () => null, object: () => null, array: () => null },
};

function otherKind({ column: { expected }, kind, takes }: Slot): string {
  const quotes = takes.includes('string') ? ', in quotes' : '';
  return `it is ${kindWords[kind]}; ${expected}${kind === 'string' ? ', without quotes' : quotes}`;
}

function shownOf({ kind, source }: Slot): string {
  return kind === 'string' ? textOf(source) : source;
}
