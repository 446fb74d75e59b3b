import type { RawFile } from '../../core/ports/raw.js';
import { type CsvForm, definitionFor } from '../../model/columns-definition.js';
import type { ColumnsJob } from '../csv/columns/aggregate-columns.js';
import type { ColumnsHeader } from '../csv/columns/header.js';
import type { TextSize } from '../text-meter.js';
import { thrownBy } from '../threads/thread-failure.js';
import type { Threads } from '../threads/thread-pool.js';
import type { Tier } from './columns-sql.js';
import { type LookAtText, lookAtText, type TextLook } from './look-at-text.js';

export interface FileLook extends TextLook {
  readonly tier: Tier;
}

/** Null if the file is odd or cannot be read. Throws the signal's reason. */
export type LookAtFile = (
  file: RawFile,
  job: Pick<ColumnsJob, 'day' | 'definition' | 'signal' | 'onBytes'>,
) => Promise<FileLook | null>;

/** Null unless all cells of the file are written in a form that DuckDB’s types read as the reference does. */
export type LookAtPlain = (
  ...asked: Parameters<LookAtFile>
) => Promise<(Pick<TextLook, 'rows'> & TextSize & { readonly header: ColumnsHeader }) | null>;

/** A smaller file is looked at sooner than a thread is told of it. */
const pooledFromBytes = 262_144;

/** DuckDB takes a path with one of these for a pattern, which can mean another file. */
const patternSigns = /[*?[]/;

export function createLookAtFile(pool: Threads, plain?: LookAtPlain): LookAtFile {
  const onThread = lookOnThread(pool);
  return async (file, { day, definition, ...signals }) => {
    const isText = file.form.format === 'csv' || file.form.format === 'tsv';
    if (!isText || patternSigns.test(file.path)) return null;
    const facts = (await plain?.(file, { day, definition, ...signals })) ?? null;
    if (facts !== null) {
      const { header, ...seen } = facts;
      const { names, undeclared } = header;
      return { ...seen, names, undeclared, spansLines: false, tier: 'typed' };
    }
    if (hasQuotedNull(definitionFor(file.form, definition).csv)) return null;
    const look = file.sizeBytes < pooledFromBytes ? lookAtText : onThread;
    const seen = await look(file, definition, signals);
    return seen && { ...seen, tier: 'text' };
  };
}

/** Only a quoted cell can be one of these, and DuckDB does not take them for `nullstr`. */
function hasQuotedNull({ nulls, delimiter, quote }: CsvForm): boolean {
  return nulls.some((text) => text.includes(delimiter) || text.includes(quote ?? delimiter));
}

function lookOnThread(pool: Threads): LookAtText {
  return async (file, definition, { signal, onBytes }) => {
    const outcome = await pool.run(
      'look',
      { file, definition },
      { signal, ...(onBytes && { onBytes }) },
    );
    signal.throwIfAborted();
    if (outcome.kind !== 'looked') throw thrownBy(outcome);
    return outcome.look;
  };
}
