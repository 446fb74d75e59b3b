/** The rows of a day of `columns`, as the job packs them: nothing of them is believed before it was checked. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cell, Column } from '../../model/column.js';
import { columnsShapeOf, measureRules } from '../../model/column-functions.js';
import type { ColumnsDefinition, MeasureExpression } from '../../model/columns-definition.js';
import { averageOf, least64, most64, numberOf } from '../../model/exact.js';
import { readCell } from '../../model/read-cell.js';
import { compareKeysOf, type Row } from '../../model/row.js';
import { unsound } from './results.js';

/** A sum beyond what its type holds, or beyond what Spark adds up. */
export interface Overflow {
  readonly measure: string;
}

export type PackedRows =
  | { readonly kind: 'rows'; readonly rows: Row[]; readonly records: number }
  | ({ readonly kind: 'overflow' } & Overflow);

const overflow = Symbol('overflow');
const lineFeed = 0x0a;
const separator = '\0';
/** Some milliseconds' worth. */
const bytesAtOnce = 1_000_000;

/** Throws ProblemError where they are not well-formed, or not in their order. */
export async function unpackRows(
  packed: Buffer,
  definition: ColumnsDefinition,
): Promise<PackedRows> {
  const compare = compareKeysOf(columnsShapeOf(definition));
  const read = rowReader(definition);
  const rows: Row[] = [];
  let records = 0;
  for (const text of pieces(packed)) {
    for (const line of text.split('\n').slice(0, -1)) {
      const row = read(line);
      const beyond = row.values.indexOf(overflow);
      if (beyond !== -1)
        return { kind: 'overflow', measure: definition.measures[beyond]?.name ?? '' };
      const last = rows.at(-1);
      if (last !== undefined && compare(last.key, row.key) >= 0) throw malformed();
      rows.push({ key: row.key, values: row.values as Cell[] });
      records += row.lines;
    }
    await nextTurn();
  }
  return { kind: 'rows', rows, records };
}

function rowReader(definition: ColumnsDefinition) {
  const { keys } = columnsShapeOf(definition);
  const measures = definition.measures.map((measure) => measureReader(measure, definition));
  return (line: string) => {
    const [lines = '', ...cells] = line.split(separator);
    if (!/^[1-9][0-9]{0,14}$/.test(lines) || cells.length !== keys.length + measures.length) {
      throw malformed();
    }
    return {
      lines: Number(lines),
      key: keys.map((column, at) => toldCell(cells[at] as string, column)),
      values: measures.map((read, at) => read(cells[keys.length + at] as string)),
    };
  };
}

/** Of whole lines. */
function* pieces(packed: Buffer): Generator<string> {
  for (let from = 0; from < packed.length; ) {
    const end = packed.indexOf(lineFeed, Math.min(from + bytesAtOnce, packed.length - 1));
    if (end === -1) throw malformed();
    yield packed.toString('utf8', from, end + 1);
    from = end + 1;
  }
}

function malformed(): Error {
  return unsound('the rows of a day are not well-formed, or not in their order');
}

/** As the job has it: numbers in their smallest unit, times without their Z. */
function toldCell(text: string, { type, nullable, ...column }: Column): Cell {
  const isNumber = /^-?[0-9]{1,40}$/.test(text);
  const told =
    type.kind === 'timestamp' && text !== ''
      ? `${text}Z`
      : type.kind === 'decimal' && isNumber
        ? numberOf(BigInt(text), type.scale)
        : text;
  const cell = readCell({ ...column, type, nullable }, told);
  if (cell === undefined) throw malformed();
  return cell;
}

type ReadMeasure = (text: string) => Cell | typeof overflow;

function measureReader(
  { name, measure, column, scale }: MeasureExpression,
  { columns }: ColumnsDefinition,
): ReadMeasure {
  const raw = columns.find((each) => each.name === column);
  const type = raw?.type ?? { kind: 'integer' };
  const rawScale = type.kind === 'decimal' ? type.scale : 0;
  if (measure === 'sum') return (text) => sumIn(text, rawScale, type.kind === 'integer');
  if (measure === 'avg') return (text) => averageIn(text, rawScale, scale ?? 0);
  const result = { name, nullable: true, type: measureRules[measure].typeOf(type, 0) };
  return (text) => toldCell(text, result);
}

const sumForm = /^-?[0-9]{1,38}$/;

function sumIn(text: string, scale: number, is64: boolean): Cell | typeof overflow {
  if (text === '') return null;
  if (text === '!') return overflow;
  if (!sumForm.test(text)) throw malformed();
  const units = BigInt(text);
  return is64 && (units < least64 || units > most64) ? overflow : numberOf(units, scale);
}

function averageIn(text: string, from: number, to: number): Cell | typeof overflow {
  const [sum = '', count = ''] = text.split('/');
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(count) || (sum === '') !== (count === '0'))
    throw malformed();
  if (sum === '') return null;
  if (sum === '!') return overflow;
  if (!sumForm.test(sum)) throw malformed();
  return numberOf(averageOf(BigInt(sum), Number(count), from, to), to);
}
