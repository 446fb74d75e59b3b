/** Totals in the files of commits and runs. */
import { z } from 'zod';
import { seedValue } from '../model/definition.js';
import { isTotal, type Total } from '../model/total.js';

/** A number that is not exact is refused: an older version could write one. */
const total = z.custom<Total>(isTotal, 'is not an exact total');

export const totals = z.record(z.string(), total);

/** Of a version that knew one measure, and wrote its total alone. */
export const olderTotals = total.transform((items) => ({ [seedValue]: items }));
