import { z } from 'zod';
import { component } from './values.js';

export const daySchema = component(
  'Day',
  'A day: the name of its folder under the raw root. Depending on the layout an integer without leading zeros, or a date `YYYY-MM-DD`.',
  z.string().meta({ examples: ['3', '2026-11-23'] }),
);

/** A day in a request. Only the layout can tell whether it is valid. */
export const dayInputSchema = z
  .union([z.string(), z.number()], { error: 'must be a day, such as "3"' })
  .meta({
    description: 'A day. In the index layout a number is accepted as well.',
    examples: ['3', 3],
  });

export const dayParams = z.strictObject({
  day: z.string().meta({ description: 'A day, such as `3` or `2026-11-23`.', examples: ['3'] }),
});
