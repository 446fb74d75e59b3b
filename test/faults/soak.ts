import { patience } from '../support/eventually.js';

/** `DAYMARK_SOAK=1` asks for the long variants: minutes instead of seconds. */
export const soak = process.env['DAYMARK_SOAK'] === '1';

/** Of one test with many cases, on a machine that has other things to do. */
export const manyCasesMs = (soak ? 1_200_000 : 120_000) * patience;
