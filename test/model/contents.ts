import fc from 'fast-check';
import type { Contents } from './truth.js';

export const contents: fc.Arbitrary<Contents> = fc.dictionary(
  fc.constantFrom('apples', 'milk', 'tea'),
  fc.integer({ min: 0, max: 3 }),
  { noNullPrototype: true },
);
