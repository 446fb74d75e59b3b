import type { ColumnType } from '../../model/column.js';
import type { RawColumns } from '../../model/columns-definition.js';
import { type ReadColumn, readColumnsHeader } from '../csv/columns/header.js';
import type { ValueKind } from './json-text.js';

/** A declared column, or the one that holds the day, and what the row at hand has for it. */
export interface Slot {
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

/** For declared columns, and then for the one that is only compared with the day. */
export function slotsOf(definition: RawColumns): Slot[] {
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
