/**
 * Files that DuckDB must not read itself, written once more as the reference reads them: one canonical form of every
 * cell, which DuckDB's types read as it is.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineJob } from '../../../core/ports/engine.js';
import { whyNotWritten } from '../../../disk/no-room.js';
import type { Cell, ColumnType } from '../../../model/column.js';
import type { RawColumns } from '../../../model/columns-definition.js';
import type { CellPlace } from '../../csv/columns/accumulators.js';
import { readFile } from '../../csv/columns/aggregate-columns.js';
import type { RowTaker } from '../../csv/columns/row-reader.js';
import { type FileReading, readInTurn } from '../../day-result.js';
import { ProblemLog, type Problems, problemIn } from '../../problems.js';
import { finestInSql } from '../cell-sql.js';

export interface CanonicalTask extends Pick<EngineJob, 'day' | 'files'> {
  readonly definition: RawColumns;
  /** In which the files are made, one for each raw file. */
  readonly folder: string;
  readonly mostBytes: number;
}

export interface CanonicalRows {
  /** One for each file, until there are too many problems. */
  readonly readings: readonly FileReading[];
  /** In the order of `readings`. */
  readonly written: readonly WrittenFile[];
  readonly problems: Problems;
}

export interface WrittenFile {
  readonly path: string;
  /** Whether a cell holds a line end. */
  readonly spansLines: boolean;
}

/** Throws RawReadError, the signal's reason, or an Error if there is no room. */
export type WriteCanonical = (
  task: CanonicalTask,
  signals: Pick<EngineJob, 'signal' | 'onBytes'>,
) => Promise<CanonicalRows>;

/** Works where it is called. */
export const writeCanonical: WriteCanonical = (task, signals) =>
  written(task, signals).catch(async (error: unknown) => {
    const why = await whyNotWritten(task.folder, error);
    throw why === null ? error : new Error(`the rows of its files: ${why}`, { cause: error });
  });

async function written(...[task, signals]: Parameters<WriteCanonical>): Promise<CanonicalRows> {
  const log = new ProblemLog();
  const room = { bytes: task.mostBytes };
  const files: WrittenFile[] = [];
  const readings = await readInTurn({ ...task, ...signals }, log, async (file) => {
    const path = join(task.folder, `${files.length}.csv`);
    const out = new CanonicalFile(file.name, path, task.definition, room, log);
    try {
      return await readFile(file, { ...task, ...signals }, out, log);
    } finally {
      out.close();
      files.push({ path, spansLines: out.spansLines });
    }
  });
  const { first, count, stoppedAt } = log;
  return { readings, written: files, problems: { first, count, stoppedAt } };
}

const chunkLength = 1 << 18;

class CanonicalFile implements RowTaker {
  records = 0;
  spansLines = false;
  readonly #descriptor: number;
  readonly #types: readonly ColumnType[];
  #text = '';

  constructor(
    readonly file: string,
    path: string,
    readonly definition: RawColumns,
    /** What all files may still take. */
    readonly room: { bytes: number },
    readonly log: ProblemLog,
  ) {
    this.#descriptor = openSync(path, 'wx', 0o600);
    this.#types = definition.columns.map(({ type }) => type);
  }

  add(cells: readonly Cell[], place: CellPlace): void {
    this.#text += `${cells.map((cell, at) => this.#written(cell, at, place)).join()}\n`;
    if (this.#text.length > chunkLength) this.#flush();
  }

  close(): void {
    try {
      if (this.log.count === 0) this.#flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #written(cell: Cell, at: number, place: CellPlace): string {
    // In quotes, so that a row of nothing else is not taken for a blank line.
    if (cell === null) return '""';
    const { kind } = this.#types[at] as ColumnType;
    if (kind === 'timestamp') return this.#time(cell, at, place);
    if (kind !== 'text') return cell;
    this.spansLines ||= /[\r\n]/.test(cell);
    return `"${cell.replaceAll('"', '""')}"`;
  }

  #time(cell: string, at: number, { file, line }: CellPlace): string {
    if (tooFine.test(cell)) {
      const column = this.definition.columns[at]?.name ?? '';
      this.log.add(problemIn(file, finestInSql, { line, column, value: cell }));
    }
    return cell.slice(0, -1);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.room.bytes -= bytes.length;
    if (this.room.bytes < 0) throw new Error(noRoom(this.file));
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#descriptor, bytes, from);
  }
}

const tooFine = /\.[0-9]{7,}Z$/;

function noRoom(file: string): string {
  return `the rows of its files take more room than they may have; ${file} holds cells that DuckDB cannot read by itself, such as 3.0 for a whole number. Write them in their plain form, or give DuckDB more memory`;
}
