/**
 * How often random tests try, and where they begin. A failure prints its seed; `DAYMARK_SEED` begins there
 * again. `DAYMARK_SOAK=1` asks for the long form.
 */
import { soak } from '../faults/soak.js';

const seed = process.env['DAYMARK_SEED'];

export function runs(usual: number, long: number): { numRuns: number; seed?: number } {
  return { numRuns: soak ? long : usual, ...(seed === undefined ? {} : { seed: Number(seed) }) };
}
