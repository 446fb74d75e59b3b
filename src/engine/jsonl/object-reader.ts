import { type Field, type Fields, fieldsOf } from './fields.js';
import { JsonText, textOf, type ValueKind } from './json-text.js';
import type { Slot } from './slots.js';
import { Strangers } from './strangers.js';

export interface WrongField {
  readonly message: string;
  readonly column: string;
}

/** Finds in each object what belongs to the slots. */
export class ObjectReader {
  readonly strangers = new Strangers();
  readonly #fields: Fields;
  #json = new JsonText('');
  /** Of the row at hand; it also marks what the row has. */
  #line = 0;
  #wrong: WrongField | null = null;

  constructor(readonly slots: readonly Slot[]) {
    this.#fields = fieldsOf(slots.map(({ column }) => column.name));
  }

  /** Passes an object, and returns what is wrong with its fields. Throws NotJson. */
  read(json: JsonText, line: number): WrongField | null {
    this.#json = json;
    this.#line = line;
    this.#wrong = null;
    this.#object(this.#fields);
    return this.#wrong;
  }

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
        if (fields === this.#fields) this.strangers.meet(name, this.#line);
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
    return this.slots[place] as Slot;
  }
}

const ambiguous =
  'the object has a field of this name, and one along the path as well; it is unclear which of them is meant';
