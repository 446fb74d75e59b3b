/** Values of cells. All return null for an invalid cell. */
import type { Range } from '../../model/column.js';
import type { Day, LayoutName } from '../../model/day.js';
import { mostDigitsOf } from '../buckets.js';

/** Whether `text` is the day of the job. A whole number may have gone through a float: `3.0` is day 3. */
export function isDay(text: string, day: Day, dayKind: LayoutName): boolean {
  if (text === day) return true;
  return dayKind === 'index' && text.replace(/\.0+$/, '') === day;
}

/** Reads a whole number of the range; `08` and `8.0` are 8. */
export function byReader(range: Range): (text: string) => number | null {
  const { least, most } = range;
  const sign = least < 0 ? '-?' : '';
  const shape = new RegExp(`^${sign}[0-9]{1,${mostDigitsOf(range)}}(?:\\.0+)?$`);
  return (text) => {
    if (!shape.test(text)) return null;
    const value = Number(text);
    return value >= least && value <= most ? value : null;
  };
}

/** Empty is 0, `3.0` is 3. The result may not be exact as a number: the caller must check. */
export function parseCount(text: string): number | null {
  if (text === '') return 0;
  return /^[0-9]+(?:\.0+)?$/.test(text) ? Number(text) : null;
}
