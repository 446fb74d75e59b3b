import type { Counted } from '../../support/counted.js';

/** A contestant that counts wrong: its time means nothing, and the bench ends. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult';
}

/** What a key of the output comes to. */
export type Found = readonly [key: string, value: string | number];

/** Throws WrongResult unless both hold the same rows, in any order. */
export function checkRows(
  who: string,
  actual: readonly Counted[],
  expected: readonly Counted[],
): void {
  checkFound(who, actual.map(foundOf), expected.map(foundOf));
}

/** The same of rows of any kind. No key may be expected twice. */
export function checkFound(
  who: string,
  actual: readonly Found[],
  expected: readonly Found[],
): void {
  const left = new Map(expected);
  for (const [key, value] of actual) {
    const wanted = left.get(key);
    if (wanted !== value) {
      throw new WrongResult(`${who}: ${key} is ${value}; it should be ${wanted ?? 'absent'}`);
    }
    left.delete(key);
  }
  for (const [key, value] of left) {
    throw new WrongResult(`${who}: ${key} is missing; it should be ${value}`);
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

function foundOf({ hour, category, items }: Counted): Found {
  return [`hour ${hour}, ${category}`, items];
}
