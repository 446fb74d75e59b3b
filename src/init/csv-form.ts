/** What stands between the cells of files, told by which sign gives rows of one width. */
import type { RawFile } from '../core/ports/raw.js';
import type { RowForm } from '../engine/csv/row-parser.js';
import { type Head, rowsOf } from './read-head.js';

/** Those that files are written with. Others count only where none of these gives columns. */
const delimiters: readonly string[] = [',', ';', '\t', '|'];
const rare: readonly string[] = [':', '^', '~', '#', '\u0001', '\u001f'];

/** So much tells it. */
const mostBytes = 131_072;

interface Trial {
  readonly form: RowForm;
  /** Columns of the header. */
  readonly width: number;
  /** The part of the rows that are as wide. */
  readonly even: number;
  readonly hasFault: boolean;
}

/** The form in which the file is a table; with commas where it is one in none. */
export async function likelyForm(
  { bytes, isWhole }: Head,
  file: Pick<RawFile, 'name' | 'form'>,
): Promise<RowForm> {
  const head = {
    bytes: bytes.subarray(0, mostBytes),
    isWhole: isWhole && bytes.length <= mostBytes,
  };
  const attempt = (signs: readonly string[], quote: string | null) =>
    Promise.all(signs.map((delimiter) => tryForm(head, file, { delimiter, quote })));
  for (const signs of [delimiters, rare]) {
    // Where quotes are no quotes, a file that has one somewhere cannot be read with them.
    const best = sound(await attempt(signs, '"')) ?? sound(await attempt(signs, null));
    if (best !== null) return best.form;
  }
  return (await attempt(delimiters, '"')).sort(byWidth)[0]?.form ?? { delimiter: ',', quote: '"' };
}

async function tryForm(
  head: Head,
  file: Pick<RawFile, 'name' | 'form'>,
  form: RowForm,
): Promise<Trial> {
  const { header, rows, fault } = await rowsOf(head, file, form);
  const width = header?.length ?? 0;
  const even = rows.filter((row) => row.length === width).length;
  return {
    form,
    width,
    even: rows.length === 0 ? 1 : even / rows.length,
    hasFault: fault !== null,
  };
}

function sound(trials: readonly Trial[]): Trial | null {
  const tables = trials.filter(({ width, even, hasFault }) => width > 1 && even > 0.9 && !hasFault);
  return tables.sort(byWidth)[0] ?? null;
}

function byWidth(a: Trial, b: Trial): number {
  return b.width - a.width;
}
