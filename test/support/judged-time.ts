/**
 * A bound on time says something on a machine that has nothing else to do. `npm test` sees what was answered and
 * that it ended; the soak and the deliberate bugs set `DAYMARK_TIMED=1`, and are judged by how long it took, too.
 */
const isTimed = process.env['DAYMARK_TIMED'] === '1';

/** How long something took; 0 where time is not judged. */
export function judgedMs(tookMs: number): number {
  return isTimed ? tookMs : 0;
}
