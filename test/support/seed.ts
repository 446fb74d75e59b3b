/**
 * Where everything random in the tests begins. It is the same number every time, so that a change is judged by
 * what it changes; the soak begins somewhere new in every round. `DAYMARK_SEED` repeats a round.
 */
import { createHash } from 'node:crypto';

type Env = Readonly<Record<string, string | undefined>>;

export function seedFrom({ DAYMARK_SEED, DAYMARK_SOAK }: Env): number {
  if (DAYMARK_SEED) return Number(DAYMARK_SEED);
  return DAYMARK_SOAK === '1' ? Date.now() % 1_000_000_000 : 1;
}

export const seed = seedFrom(process.env);

/** Bytes without a pattern, the same for the same seed. */
export function seededBytes(count: number): Buffer {
  return createHash('shake256', { outputLength: count }).update(String(seed)).digest();
}

/** For each configuration of Vitest: the workers are told, and every property begins there. */
export const seeded = {
  env: { DAYMARK_SEED: String(seed) },
  setupFiles: ['test/support/seed-properties.ts'],
};
export const tellSeed = 'test/support/tell-seed.ts';
