import type { Counted } from '../../support/counted.js';

/** A contestant that counts wrong: its time means nothing, and the bench ends. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult';
}

/** Throws WrongResult unless both hold the same rows, in any order. */
export function checkRows(
  who: string,
  actual: readonly Counted[],
  expected: readonly Counted[],
): void {
  const left = new Map(expected.map((row) => [keyOf(row), row.items]));
  for (const row of actual) {
    const wanted = left.get(keyOf(row));
    if (wanted !== row.items) {
      throw new WrongResult(
        `${who}: ${keyOf(row)} is ${row.items}; it should be ${wanted ?? 'absent'}`,
      );
    }
    left.delete(keyOf(row));
  }
  for (const [key, items] of left) {
    throw new WrongResult(`${who}: ${key} is missing; it should be ${items}`);
  }
}

/** Rows of an output: `day,hour,category,items`; a header is passed over. No category here needs quotes. */
export function parseRows(text: string): Counted[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
    .filter(([day]) => day !== 'day_of_week')
    .map(([, hour, category = '', items]) => ({
      hour: Number(hour),
      category,
      items: Number(items),
    }));
}

function keyOf({ hour, category }: Counted): string {
  return `hour ${hour}, ${category}`;
}
