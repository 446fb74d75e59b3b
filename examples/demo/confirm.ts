/** The claims of the story, as comparisons that can fail. */
import { isDeepStrictEqual } from 'node:util';
import { tick } from './terminal.js';

/** Something was not as it must be: the demo ends with exit code 1. */
export class Differs extends Error {
  override readonly name = 'Differs';

  constructor(claim: string, found: unknown, expected: unknown) {
    super(
      `${claim}\n  expected  ${JSON.stringify(expected)}\n  found     ${JSON.stringify(found)}`,
    );
  }
}

/** Ticks the claim off. */
export function confirm(claim: string, found: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(found, expected)) throw new Differs(claim, found, expected);
  tick(claim);
}
