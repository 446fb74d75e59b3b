/** Files that are written with another delimiter than the one that was told. */
import type { CsvForm } from '../../../model/columns-definition.js';

const usual = [',', ';', '\t', '|'];

/** The one that is most often in a header which should have several cells, and has one. */
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

export function otherDelimiter(likely: string, { delimiter }: Pick<CsvForm, 'delimiter'>): string {
  const [is, told] = [JSON.stringify(likely), JSON.stringify(delimiter)];
  return `the header looks like one with ${is} between its columns, not ${told}; set delimiter to ${is} under csv of the dataset`;
}
