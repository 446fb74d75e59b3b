/**
 * The time in milliseconds since 1970: from one look at the wall clock, carried on by the monotonic one. It never
 * goes back, and two readings of one clock are as far apart as they were in fact, however the wall clock was set
 * meanwhile.
 */
export type SteadyClock = () => number;

export function createSteadyClock(): SteadyClock {
  const originMs = Date.now() - performance.now();
  return () => originMs + performance.now();
}

/** As it is told: ISO 8601 in UTC. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}
