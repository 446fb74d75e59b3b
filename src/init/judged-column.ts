/** What is known of a column once its cells were looked at, and what may be made of it. */
import type { Column } from '../model/column.js';
import type { ColumnFacts } from './column-facts.js';

/** A line of the file: in use, or as a comment that says what it is for. */
export interface Choice {
  readonly isActive: boolean;
  /** Of a measure; of a key that is a column, the column. */
  readonly name: string;
  /** Null for a key that is the column itself. */
  readonly expression: string | null;
  readonly why: string;
}

export interface Judged {
  readonly facts: ColumnFacts;
  readonly column: Column;
  readonly use: Use;
  readonly why: string;
}

export type Use =
  | 'key'
  | 'sum'
  | 'level'
  | 'identifier'
  | 'day'
  | 'time'
  | 'date'
  | 'text'
  | 'empty';
