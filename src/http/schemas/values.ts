/** Values that many answers hold. */
import { z } from 'zod';
import { beyondNumbers, isTotal } from '../../model/total.js';

/** What a handler answers with: the schema's type, read-only so that it cannot be changed by accident. */
export type Answer<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

export function count(description: string) {
  // Leaves out the bound of 2^53, which is obvious to readers of the document.
  return z.int().min(0).meta({ description, maximum: undefined });
}

/** A count for each kind. */
export function countsOf<const Kind extends string>(kinds: readonly Kind[]) {
  const shape = Object.fromEntries(kinds.map((kind) => [kind, z.int().min(0)]));
  return z.strictObject(shape as Record<Kind, z.ZodInt>);
}

/** A moment, as ISO 8601 in UTC. */
export function instant(description: string) {
  return z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)) && text.endsWith('Z'))
    .meta({ format: 'date-time', description });
}

export function sha256(description: string) {
  return z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(description);
}

/** A component of the OpenAPI document, and a type name in generated clients. */
export function component<Schema extends z.ZodType>(
  id: string,
  description: string,
  schema: Schema,
) {
  return schema.meta({ id, description });
}

/** A sum of values of any size. */
export const totalSchema = component(
  'Total',
  'An exact sum: a number if it is an integer up to 2^53 − 1, otherwise decimal text.',
  z.xor([z.int(), z.string().regex(beyondNumbers)]).refine(isTotal),
);

/** The sum of rows for each measure that can be added up. */
export const totalsSchema = component(
  'Totals',
  'The sum of the rows, for each measure of the output that can be added up.',
  z.record(z.string(), totalSchema),
);

export const nextCursorSchema = z
  .string()
  .nullable()
  .describe('Pass it as `cursor` for the next page; null on the last.');
