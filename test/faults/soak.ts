import { patience } from '../support/eventually.js';

/** `DAYMARK_SOAK=1` asks for the long variants: minutes instead of seconds. */
export const soak = process.env['DAYMARK_SOAK'] === '1';

/** All that can be tried in the soak; every second elsewhere, always the same. */
export function shareOf<T>(cases: readonly T[]): readonly T[] {
  return soak ? cases : cases.filter((_, index) => index % 2 === 0);
}

/** Of one test with many cases, on a machine that has other things to do. */
export const manyCasesMs = (soak ? 1_200_000 : 120_000) * patience;
