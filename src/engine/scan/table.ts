import type { WideJob } from '../../core/ports/engine.js';
import { categoriesOf, readHeader } from '../header.js';
import { readHeaderLine } from '../header-line.js';
import type { OpenedText } from './scan-chunks.js';
import { fits, planTable, type TablePlan } from './table-plan.js';

export interface OpenedTable extends OpenedText<TablePlan> {
  /** By category as planned. */
  readonly categories: readonly string[];
}

type TableJob = Pick<WideJob, 'day' | 'definition'>;

/** Reads the header, and no chunk beyond the one that ends it. Null where it is odd. */
export async function openTable(
  chunks: AsyncIterator<Uint8Array>,
  { day, definition }: TableJob,
): Promise<OpenedTable | null> {
  const header = await readHeaderLine(chunks, (names) => readHeader(names, '', definition));
  if (header === null || !fits(header.columns, definition)) return null;
  const { columns, rowsAt, rest } = header;
  return {
    plan: planTable(columns, day, definition),
    categories: categoriesOf(columns),
    rowsAt,
    rest,
  };
}
