import type { RawFile } from '../../../core/ports/raw.js';
import { definitionFor, type RawColumns } from '../../../model/columns-definition.js';
import type { Day } from '../../../model/day.js';
import type { RawJob } from '../../csv/columns/aggregate-columns.js';
import { type ColumnsHeader, readColumnsHeader } from '../../csv/columns/header.js';
import { type HeaderLine, readHeaderLine } from '../../header-line.js';
import { KernelShelf } from '../../scan/kernel-shelf.js';
import type { OpenedText } from '../../scan/scan-chunks.js';
import { scanText } from '../../scan/scan-text.js';
import { bufferBytes, type Tuning, usualTuning } from '../../scan/tuning.js';
import type { TextSize } from '../../text-meter.js';
import type { Threads } from '../../threads/thread-pool.js';
import { PlainKernel } from './plain-kernel.js';
import { type RowForm, type RowTable, rowTableOf } from './row-table.js';

/** Of a file that DuckDB reads with `typedReadOptions` exactly as the reference does. */
export interface PlainFacts extends TextSize {
  readonly header: ColumnsHeader;
  readonly rows: number;
}

/**
 * Null if anything is not plain, be it that the file cannot be read: another reader must say what that is. Throws the
 * signal's reason, or what broke a thread.
 */
export type CheckPlain = (file: RawFile, job: RawJob) => Promise<PlainFacts | null>;

/** Every byte is looked at: those of a large file by the pool's threads, others where they are read. */
export function createPlainCheck(pool: Threads, tuning: Tuning = usualTuning): CheckPlain {
  const kernels = new KernelShelf(() => new PlainKernel(bufferBytes(tuning)));
  const tableOf = keptTable();
  return async (file, job) => {
    const definition = definitionFor(file.form, job.definition);
    const scanned = await scanText(file, job, {
      open: (chunks) => openPlain(chunks, definition, job.day, tableOf),
      threads: { size: pool.size, run: (scan, signals) => pool.run('plain', scan, signals) },
      ...{ kernels, tuning },
    });
    if (scanned === null) return null;
    const { opened, sums, text } = scanned;
    return { ...text, header: opened.header, rows: sums.reduce((a, b) => a + b) };
  };
}

interface OpenedPlain extends OpenedText<RowTable> {
  readonly header: ColumnsHeader;
}

type TableOf = typeof rowTableOf;

async function openPlain(
  chunks: AsyncIterator<Uint8Array>,
  definition: RawColumns,
  day: Day,
  tableOf: TableOf,
): Promise<OpenedPlain | null> {
  const read = (names: readonly string[]) => readColumnsHeader(names, '', definition, 1);
  const line = await readHeaderLine(chunks, read, definition.csv);
  if (line === null) return null;
  const { columns: header, rowsAt, rest } = line;
  const crlf = lineEndBytes(line) === 2;
  const plan = tableOf({ header, definition, day, crlf });
  return plan && { plan, rowsAt, rest, header };
}

function lineEndBytes({ text, markBytes, rowsAt }: HeaderLine<unknown>): number {
  return rowsAt - markBytes - Buffer.byteLength(text);
}

/** The last table: most files have the header of the one before. */
function keptTable(): TableOf {
  let [key, table]: [string, RowTable | null] = ['', null];
  return (form) => {
    const own = keyOf(form);
    if (own !== key) [key, table] = [own, rowTableOf(form)];
    return table;
  };
}

function keyOf({ header, definition, day, crlf }: RowForm): string {
  const { columns, csv, dayColumn, dayKind } = definition;
  const dayIn = header.read.some(({ holdsDay }) => holdsDay) ? day : null;
  return JSON.stringify([header.names, columns, csv, dayColumn, dayKind, dayIn, crlf]);
}
