/** Detects files with a delimiter other than the configured one. */
import type { CsvForm } from '../../../model/columns-definition.js';
import { fileFormOf } from '../../../model/file-form.js';

const usual = [',', ';', '\t', '|'];

/** The most frequent candidate in a header that should have several cells but has one. */
export function likelyDelimiter(
  text: string,
  { delimiter }: Pick<CsvForm, 'delimiter'>,
): string | null {
  const counts = usual
    .filter((sign) => sign !== delimiter)
    .map((sign) => ({ sign, count: text.split(sign).length - 1 }))
    .sort((a, b) => b.count - a.count);
  const [most] = counts;
  return most === undefined || most.count === 0 ? null : most.sign;
}

export function otherDelimiter(
  likely: string,
  { delimiter }: Pick<CsvForm, 'delimiter'>,
  file: string,
): string {
  const [is, told] = [JSON.stringify(likely), JSON.stringify(delimiter)];
  const first =
    fileFormOf(file)?.format === 'tsv' ? 'name the file .csv instead of .tsv, and ' : '';
  return `the header looks like one with ${is} between its columns, not ${told}; ${first}set delimiter to ${is} under csv of the dataset`;
}
