/** The columns of an output in the file of a commit record. */
import { z } from 'zod';
import type { OutputShape } from '../model/column.js';
import { type LayoutName, layoutNames } from '../model/day.js';
import { seedDefinition, shapeOf } from '../model/definition.js';

const type = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['text', 'integer', 'boolean', 'date', 'timestamp']) }),
  z.object({ kind: z.literal('decimal'), precision: z.int(), scale: z.int() }),
]);
const column = z.object({
  name: z.string(),
  type,
  nullable: z.boolean(),
  range: z.object({ least: z.int(), most: z.int() }).exactOptional(),
});

export const storedShape: z.ZodType<OutputShape> = z.object({
  dayKind: z.enum(layoutNames),
  dayColumn: z.string(),
  keys: z.array(column),
  measures: z.array(column.extend({ additive: z.boolean() })),
  leavesOutZeros: z.boolean(),
});

/** The shape of all outputs before record format 4, which did not store it. */
export function olderShape(dayKind: LayoutName): OutputShape {
  return shapeOf(seedDefinition(dayKind, []));
}
