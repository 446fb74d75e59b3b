import { patience } from '../support/eventually.js';

/** `DAYMARK_SOAK=1` asks for the long variants: minutes instead of seconds. */
export const soak = process.env['DAYMARK_SOAK'] === '1';

/** All that can be tried in the soak; half of it elsewhere, always the same, and of pairs each time the other one. */
export function shareOf<T>(cases: readonly T[]): readonly T[] {
  return soak ? cases : cases.filter((_, index) => [0, 3].includes(index % 4));
}

/** The same where each case takes long: a quarter. */
export function quarterOf<T>(cases: readonly T[]): readonly T[] {
  return soak ? cases : shareOf(cases).filter((_, index) => [0, 3].includes(index % 4));
}

/** Of one test with many cases, on a machine that has other things to do. */
export const manyCasesMs = (soak ? 1_200_000 : 120_000) * patience;
