/** The rows of a file as one table: a byte is one step, whatever it belongs to. */
import type { RawColumns } from '../../../model/columns-definition.js';
import type { Day } from '../../../model/day.js';
import type { ColumnsHeader } from '../../csv/columns/header.js';
import { type Automaton, automatonOf } from './automaton.js';
import { patternOf } from './cell-patterns.js';
import { literal } from './pattern.js';

/** By state and byte, 256 for each state: the next state. It is sent to threads. */
export type RowTable = Uint16Array;

/** So many fit 16 MiB. */
const mostStates = 32_768;
const byteBits = 8;

export const states = {
  /** A row begins here. No other step leads to it than the end of the row before. */
  row: 0,
  /** Something was not plain. No step leads away. */
  odd: 1,
  /** Of CRLF. */
  lineFeed: 2,
  first: 3,
} as const;

const [nul, lineFeed, carriageReturn] = [0, 0x0a, 0x0d];

export interface RowForm {
  readonly header: ColumnsHeader;
  /** For the file's form. */
  readonly definition: RawColumns;
  readonly day: Day;
  /** Whether lines end with CRLF, or LF alone. */
  readonly crlf: boolean;
}

type Step = readonly [byte: number, to: number];

/** Null if the table would be too large. */
export function rowTableOf({ header, definition, day, crlf }: RowForm): RowTable | null {
  const { delimiter, quote } = definition.csv;
  const between = delimiter.charCodeAt(0);
  const apart = [nul, lineFeed, carriageReturn, between, quote?.charCodeAt(0) ?? nul];
  const rowEnd: Step = crlf ? [carriageReturn, states.lineFeed] : [lineFeed, states.row];
  const cells = cellsOf(header, definition, day);
  const starts = startsOf(cells);
  const count = starts.pop() as number;
  if (count > mostStates) return null;

  const table = new TableBuilder(new Set(apart), count);
  for (const [place, cell] of cells.entries()) {
    const start = starts[place] as number;
    const next = starts[place + 1];
    const end: Step = next === undefined ? rowEnd : [between, next];
    for (const from of cell.next.keys()) table.add(start + from, cell, from, start, end);
    // In a file of one column, an empty cell is a blank line.
    if (place === 0) table.add(states.row, cell, 0, start, next === undefined ? null : end);
  }
  table.step(states.lineFeed, [lineFeed, states.row]);
  return table.built;
}

/** And behind them, where the next one would begin. */
function startsOf(cells: readonly Automaton[]): number[] {
  const starts: number[] = [states.first];
  for (const { next } of cells) starts.push((starts.at(-1) as number) + next.length);
  return starts;
}

class TableBuilder {
  readonly built: RowTable;
  /** The bytes that cells may hold. */
  readonly #inside: readonly number[];

  /** `apart` are those that no cell holds. */
  constructor(apart: ReadonlySet<number>, count: number) {
    this.built = new Uint16Array(count << byteBits).fill(states.odd);
    this.#inside = Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => !apart.has(byte),
    );
  }

  step(from: number, [byte, to]: Step): void {
    this.built[(from << byteBits) | byte] = to;
  }

  /** Makes `state` do what state `from` of `cell` does, which begins at `start`; `end` where the cell may end. */
  add(state: number, cell: Automaton, from: number, start: number, end: Step | null): void {
    const steps = cell.next[from] as Int16Array;
    for (const byte of this.#inside) {
      const to = steps[cell.classes[byte] as number] as number;
      if (to !== -1) this.step(state, [byte, start + to]);
    }
    if (cell.accepts[from] && end !== null) this.step(state, end);
  }
}

/** In the order of the file; columns that are read alike share one. */
function cellsOf(
  { names, read }: ColumnsHeader,
  { columns, csv, dayKind }: RawColumns,
  day: Day,
): Automaton[] {
  const places = new Map(read.map((column) => [column.place, column]));
  const nulls = ['', ...csv.nulls].map(literal).join('|');
  const dayText = `${literal(day)}${dayKind === 'index' ? '(\\.00*)?' : ''}`;
  return names.map((_, place) => {
    const column = places.get(place);
    const type = columns[column?.to ?? -1]?.type ?? { kind: 'text' };
    const nullable = column?.nullable ?? true;
    return column?.holdsDay
      ? dayCell(dayText, nulls, nullable)
      : keptCell(patternOf(type), nulls, nullable);
  });
}

/** A type that may hold the day holds it in any of these ways. */
function dayCell(dayText: string, nulls: string, nullable: boolean): Automaton {
  return automatonOf(
    [dayText, nulls],
    ([isDay, isNull]) => isDay === true && (nullable || !isNull),
  );
}

function typedCell(pattern: string, nulls: string, nullable: boolean): Automaton {
  return automatonOf([pattern, nulls], ([hasType, isNull]) =>
    isNull ? nullable : hasType === true,
  );
}

const mostKept = 200;
const kept = new Map<string, Automaton>();

/** Each takes some milliseconds to make, and datasets have few of them. */
function keptCell(...parts: Parameters<typeof typedCell>): Automaton {
  const key = JSON.stringify(parts);
  const cell = kept.get(key) ?? typedCell(...parts);
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, cell);
  return cell;
}
