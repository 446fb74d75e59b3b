/** Definitions as histories draw them, in words of their own, and as Daymark reads them. */
import fc from 'fast-check';
import type { Definition } from '../../src/model/definition.js';
import { readColumnsDefinition } from '../../src/model/read-columns-definition.js';
import { readWideDefinition } from '../../src/model/read-wide-definition.js';
import type { Calendar } from './calendar.js';
import { otherColumns } from './raw-table.js';

export interface WideSpec {
  readonly kind: 'wide';
  readonly by: readonly (keyof typeof byColumns)[];
  /** The last hour that there may be. */
  readonly lastHour: number;
  readonly checksDay: boolean;
  /** Products that are not counted. */
  readonly ignored: readonly string[];
  readonly names: keyof typeof wideNames;
}

export const byColumns = {
  hour: { name: 'hour_of_day', column: 'order_hour_of_day', least: 0, most: 23 },
  store: { name: 'store', column: 'store', least: -1, most: 3 },
} as const;

export const wideNames = {
  usual: { category: 'category', value: 'items_count' },
  odd: { category: 'product, sold', value: 'pieces' },
} as const;

export interface KeySpec {
  readonly column: string;
  readonly part?: 'hour' | 'weekday' | 'date';
}

export interface MeasureSpec {
  readonly measure: 'count' | 'sum' | 'min' | 'max' | 'avg' | 'distinct';
  /** Null for `count()`. */
  readonly column: string | null;
  readonly scale?: number;
}

export interface ColumnsSpec {
  readonly kind: 'columns';
  readonly keys: readonly KeySpec[];
  readonly measures: readonly MeasureSpec[];
  /** Which columns may be empty. */
  readonly nullable: readonly string[];
  /** Digits of a fare. */
  readonly digits: number;
  /** Columns that must be right, though nothing is made of them. */
  readonly declared: readonly string[];
  readonly checksDay: boolean;
  readonly nulls: readonly string[];
  readonly names: 'usual' | 'odd';
}

export type Spec = WideSpec | ColumnsSpec;

// ---------------------------------------------------------------- drawn

export const bysDrawn: readonly WideSpec['by'][] = [
  ['hour'],
  ['hour'],
  [],
  ['store'],
  ['hour', 'store'],
];

const wide: fc.Arbitrary<WideSpec> = fc.record({
  kind: fc.constant('wide' as const),
  by: fc.constantFrom(...bysDrawn),
  lastHour: fc.constantFrom(23, 23, 40),
  checksDay: fc.boolean(),
  ignored: fc.constantFrom<string[][]>([], [], ['tea']),
  names: fc.constantFrom<WideSpec['names'][]>('usual', 'usual', 'odd'),
});

export const keys: readonly KeySpec[] = [
  { column: 'zone' },
  { column: 'store' },
  { column: 'at', part: 'hour' },
  { column: 'at', part: 'weekday' },
  { column: 'shipped', part: 'weekday' },
  { column: 'at', part: 'date' },
  { column: 'ok' },
  { column: 'fare' },
  { column: 'shipped' },
];

export const measures: readonly MeasureSpec[] = [
  { measure: 'count', column: null },
  { measure: 'sum', column: 'fare' },
  { measure: 'sum', column: 'seconds' },
  { measure: 'min', column: 'seconds' },
  { measure: 'avg', column: 'fare', scale: 3 },
  { measure: 'avg', column: 'seconds', scale: 0 },
  { measure: 'max', column: 'zone' },
  { measure: 'distinct', column: 'zone' },
  { measure: 'count', column: 'shipped' },
  { measure: 'min', column: 'at' },
  { measure: 'max', column: 'ok' },
  { measure: 'max', column: 'fare' },
  { measure: 'min', column: 'shipped' },
];

export const nullsDrawn = fc.constantFrom<string[][]>(['NA', '-'], ['NA', '-'], ['NA'], []);

const mayBeEmpty = ['zone', 'fare', 'seconds', 'ok', 'shipped'];

const columns: fc.Arbitrary<ColumnsSpec> = fc.record({
  kind: fc.constant('columns' as const),
  keys: fc.array(fc.constantFrom(...keys), { maxLength: 2 }),
  measures: fc.array(fc.constantFrom(...measures), { minLength: 1, maxLength: 3 }),
  nullable: fc.oneof(
    { weight: 3, arbitrary: fc.constant(mayBeEmpty) },
    { weight: 1, arbitrary: fc.subarray(mayBeEmpty) },
  ),
  digits: fc.constantFrom(6, 12, 30),
  declared: fc.subarray(['shipped', 'order_hour_of_day'], { maxLength: 1 }),
  checksDay: fc.boolean(),
  nulls: nullsDrawn,
  names: fc.constantFrom('usual', 'usual', 'odd'),
});

export const spec: fc.Arbitrary<Spec> = fc.oneof(wide, columns);

// ---------------------------------------------------------------- what they say

/** Of a column of `columns`, as it is declared. */
export function typeIn({ digits }: Pick<ColumnsSpec, 'digits'>, column: string): string {
  const types: Readonly<Record<string, string>> = {
    fare: `decimal(${digits},2)`,
    ...{ zone: 'text', at: 'timestamp', ok: 'boolean', shipped: 'date' },
  };
  return types[column] ?? 'integer';
}

/** Those that each raw file must have. */
export function declaredIn({ keys: by, measures: of, declared }: ColumnsSpec): string[] {
  const used = [...by, ...of].flatMap(({ column }) => (column === null ? [] : [column]));
  const all = [...new Set([...used, ...declared])];
  return all.length === 0 ? ['order_id'] : all;
}

/** Raw columns that are no product. */
export function ignoredIn({ by, checksDay, ignored }: WideSpec, { dayColumn }: Calendar): string[] {
  const counted = new Set<string>(by.map((name) => byColumns[name].column));
  const others = otherColumns.filter((name) => !counted.has(name));
  return ['order_id', ...others, ...(checksDay ? [] : [dayColumn]), ...ignored];
}

/** Those of a file that are counted. */
export function productsIn(spec: WideSpec, calendar: Calendar, columns: readonly string[]) {
  const others = new Set<string>([
    ...ignoredIn(spec, calendar),
    ...spec.by.map((name) => byColumns[name].column),
    ...(spec.checksDay ? [calendar.dayColumn] : []),
  ]);
  return columns.filter((name) => !others.has(name));
}

/** Equal for definitions under which no day need be made again. */
export function specKey(spec: Spec): string {
  if (spec.kind === 'columns') {
    const types = declaredIn(spec).map((name) => [
      name,
      typeIn(spec, name),
      spec.nullable.includes(name),
    ]);
    const { keys: by, measures: of, checksDay, nulls, names } = spec;
    return JSON.stringify([by, of, checksDay, names, [...nulls].sort(), types.sort()]);
  }
  const { by, lastHour, checksDay, ignored, names } = spec;
  const last = by.includes('hour') ? lastHour : null;
  return JSON.stringify([by, last, checksDay, names, [...ignored].sort()]);
}

export const keyName = (at: number, { names }: Pick<ColumnsSpec, 'names'>) =>
  names === 'odd' ? `key, ${at}` : `k${at}`;
export const measureName = (at: number, { names }: Pick<ColumnsSpec, 'names'>) =>
  names === 'odd' ? `"m" ${at}` : `m${at}`;

// ---------------------------------------------------------------- as Daymark reads them

export function definitionOf(spec: Spec, calendar: Calendar, delimiter: string): Definition {
  const read = spec.kind === 'wide' ? wideOf(spec, calendar) : columnsOf(spec, calendar, delimiter);
  if (read.mistakes.length > 0) throw new Error(JSON.stringify(read.mistakes));
  return read.definition as Definition;
}

function wideOf(spec: WideSpec, calendar: Calendar) {
  return readWideDefinition({
    dayKind: calendar.layout,
    by: spec.by.map((name) =>
      name === 'hour' ? { ...byColumns.hour, most: spec.lastHour } : byColumns[name],
    ),
    dayColumn: spec.checksDay ? calendar.dayColumn : null,
    ignore: ignoredIn(spec, calendar),
    ...wideNames[spec.names],
  });
}

function columnsOf(spec: ColumnsSpec, { layout, dayColumn }: Calendar, delimiter: string) {
  const read = readColumnsDefinition({
    dayKind: layout,
    columns: declaredIn(spec).map((name) => [
      name,
      `${typeIn(spec, name)}${spec.nullable.includes(name) ? '?' : ''}`,
    ]),
    by: spec.keys.map((key, at) => `${inQuotes(keyName(at, spec))}: ${keyText(key)}`),
    measures: spec.measures.map((measure, at) => [measureName(at, spec), measureText(measure)]),
    csv: { delimiter, nulls: spec.nulls },
    ...(spec.checksDay && { dayColumn }),
  });
  return { definition: null, mistakes: [], ...read };
}

const inQuotes = (name: string) => `"${name.replaceAll('"', '""')}"`;
const keyText = ({ column, part }: KeySpec) => (part === undefined ? column : `${part}(${column})`);
const measureText = ({ measure, column, scale }: MeasureSpec) =>
  `${measure}(${column ?? ''}${scale === undefined ? '' : `, ${scale}`})`;
