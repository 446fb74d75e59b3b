import fc from 'fast-check';

/** Items by category, all in one hour; enough to tell contents apart. */
export type Contents = Readonly<Record<string, number>>;

export const contents: fc.Arbitrary<Contents> = fc.dictionary(
  fc.constantFrom('apples', 'milk', 'tea'),
  fc.integer({ min: 0, max: 3 }),
  { noNullPrototype: true },
);
