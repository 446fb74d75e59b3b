/** Values that many answers hold. */
import { z } from 'zod';
import { beyondNumbers, isTotal } from '../../model/total.js';

/** What a handler may answer with: the schema's type, which it must not be able to change by accident. */
export type Answer<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

export function count(description: string) {
  // That integers end at 2^53 is no news to anyone who reads the document.
  return z.int().min(0).meta({ description, maximum: undefined });
}

/** How many there are of each kind. */
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

/** A component of the OpenAPI document, and a name in whatever client is generated from it. */
export function component<Schema extends z.ZodType>(
  id: string,
  description: string,
  schema: Schema,
) {
  return schema.meta({ id, description });
}

/** What values add up to, however large. */
export const totalSchema = component(
  'Total',
  'A sum, exact: an integer up to 2^53 − 1, and any other number as its decimal text.',
  z.xor([z.int(), z.string().regex(beyondNumbers)]).refine(isTotal),
);

/** What rows add up to, by the measures that may be added up. */
export const totalsSchema = component(
  'Totals',
  'By the names of those measures of the output that may be added up: what the rows add up to.',
  z.record(z.string(), totalSchema),
);

export const nextCursorSchema = z
  .string()
  .nullable()
  .describe('Pass it as `cursor` for the next page; null on the last.');
