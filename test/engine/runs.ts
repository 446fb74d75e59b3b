/** How often random tests try. `DAYMARK_SOAK=1` asks for the long form. */
import { soak } from '../faults/soak.js';

export function runs(usual: number, long: number): { numRuns: number } {
  return { numRuns: soak ? long : usual };
}
