/** What Daymark must know of a text file before DuckDB's rows of it can be believed; reads all of the file. */
import type { EngineJob } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import { definitionFor, type RawColumns } from '../../model/columns-definition.js';
import { readColumnsHeader } from '../csv/columns/header.js';
import { readHeaderLine } from '../header-line.js';
import { lookThrough } from '../look-through.js';
import { plainChunks } from '../plain-chunks.js';
import type { OpenRawFile } from '../raw-bytes.js';
import { TextMeter, type TextSize } from '../text-meter.js';
import { TextShape } from './text-shape.js';

/** Of a file in which nothing is odd but, perhaps, a cell. Plain values only, because threads send it. */
export interface TextLook extends TextSize {
  /** Those of its header. */
  readonly names: readonly string[];
  readonly undeclared: readonly string[];
  readonly rows: number;
  /** Whether a quoted cell holds a line feed. */
  readonly spansLines: boolean;
}

export type LookSignals = Pick<EngineJob, 'signal' | 'onBytes'>;

/** Null if the file is odd or cannot be read. Throws the signal's reason. */
export type LookAtText = (
  file: RawFile,
  definition: RawColumns,
  signals: LookSignals,
) => Promise<TextLook | null>;

/** Where it is called. */
export const lookAtText: LookAtText = (file, definition, signals) =>
  lookThrough(file, signals.signal, (handle) =>
    lookAt(handle, file, definitionFor(file.form, definition), signals),
  );

async function lookAt(
  handle: OpenRawFile,
  file: RawFile,
  definition: RawColumns,
  signals: LookSignals,
): Promise<TextLook | null> {
  const meter = new TextMeter();
  const chunks = meter.through(plainChunks(handle, file, signals))[Symbol.asyncIterator]();
  try {
    const read = (names: readonly string[]) => readColumnsHeader(names, '', definition, 1);
    const header = await readHeaderLine(chunks, read, definition.csv);
    if (header === null) return null;
    const { names, undeclared } = header.columns;
    const shape = new TextShape(names.length, definition.csv);
    if (!shape.pass(header.rest)) return null;
    for (let next = await chunks.next(); !next.done; next = await chunks.next())
      if (!shape.pass(next.value)) return null;
    if (!shape.finish()) return null;
    const { rows, blankLines, spansLines } = shape;
    // To DuckDB a blank line of a file with one column is a row whose cell is null.
    if (blankLines > 0 && names.length === 1) return null;
    return { ...meter.size, names, undeclared, rows, spansLines };
  } finally {
    await chunks.return?.(undefined);
  }
}
