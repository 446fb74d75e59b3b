/** The functions for keys and measures, and the types of their results. */
import type { Column, ColumnType, MeasureColumn, OutputShape, Range } from './column.js';
import type {
  ColumnsDefinition,
  KeyExpression,
  KeyPart,
  MeasureExpression,
  MeasureName,
} from './columns-definition.js';
import { mostDigits } from './exact.js';

type Kind = ColumnType['kind'];

const [integer, date] = [{ kind: 'integer' }, { kind: 'date' }] as const;

interface PartRules {
  readonly takes: readonly Kind[];
  readonly type: ColumnType;
  readonly range?: Range;
}

export const partRules: Record<KeyPart, PartRules> = {
  hour: { takes: ['timestamp'], type: integer, range: { least: 0, most: 23 } },
  weekday: { takes: ['timestamp', 'date'], type: integer, range: { least: 1, most: 7 } },
  date: { takes: ['timestamp', 'date'], type: date },
};

interface MeasureRules {
  /** Null for any. */
  readonly takes: readonly Kind[] | null;
  readonly additive: boolean;
  /** Whether it is a number even if all cells are empty. */
  readonly counts: boolean;
  readonly typeOf: (type: ColumnType, scale: number) => ColumnType;
}

const numbers: readonly Kind[] = ['integer', 'decimal'];
const asItIs = (type: ColumnType) => type;
const extreme: MeasureRules = { takes: null, additive: false, counts: false, typeOf: asItIs };

export const measureRules: Record<MeasureName, MeasureRules> = {
  count: { takes: null, additive: true, counts: true, typeOf: () => integer },
  sum: { takes: numbers, additive: true, counts: false, typeOf: sumType },
  min: extreme,
  max: extreme,
  avg: {
    takes: numbers,
    additive: false,
    counts: false,
    typeOf: (_, scale) => ({ kind: 'decimal', precision: mostDigits, scale }),
  },
  distinct: { takes: null, additive: false, counts: true, typeOf: () => integer },
};

function sumType(type: ColumnType): ColumnType {
  return type.kind === 'decimal' ? { ...type, precision: mostDigits } : type;
}

/** What the rows of the output look like. */
export function columnsShapeOf(definition: ColumnsDefinition): OutputShape {
  const { dayKind, dayName, columns, by, measures } = definition;
  const raw = new Map(columns.map((column) => [column.name, column]));
  return {
    dayKind,
    dayColumn: dayName,
    keys: by.map((key) => keyColumn(key, raw)),
    measures: measures.map((measure) => measureColumn(measure, raw)),
    leavesOutZeros: false,
  };
}

type RawColumns = ReadonlyMap<string, Column>;

function keyColumn({ name, column, part }: KeyExpression, raw: RawColumns): Column {
  const { type, nullable } = raw.get(column) as Column;
  if (part === null) return { name, type, nullable };
  const { takes: _, ...made } = partRules[part];
  return { name, ...made, nullable };
}

function measureColumn(
  { name, measure, column, scale }: MeasureExpression,
  raw: RawColumns,
): MeasureColumn {
  const { typeOf, counts, additive } = measureRules[measure];
  const of = column === null ? null : (raw.get(column) as Column);
  const type = typeOf(of?.type ?? integer, scale ?? 0);
  return { name, type, nullable: !counts && (of?.nullable ?? false), additive };
}
