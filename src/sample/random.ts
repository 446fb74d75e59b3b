/** Numbers that look random and are the same on every machine: whole-number arithmetic only. */
export interface Random {
  /** A whole number from 0 to `bound` − 1. `bound` is 1 to 2^20. */
  below(bound: number): number;
}

/**
 * A stream of its own for each text, such as `7/3` for seed 7 and day 3.
 *
 * The numbers come from mulberry32 (Tommy Ettinger, 2017, public domain), whose 32 bits of state are
 * the FNV-1a hash (Fowler, Noll and Vo) of the text. Good enough for sample data, for nothing secret.
 */
export function createRandom(text: string): Random {
  let state = fnv1a(text);
  const nextUint32 = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  // The product stays under 2^52, so it is exact, and dividing by a power of two keeps it so.
  return { below: (bound) => Math.floor((nextUint32() * bound) / 2 ** 32) };
}

/** Draws an index as often as its weight says; weights are whole numbers. */
export function createUrn(weights: readonly number[]): (random: Random) => number {
  const balls = weights.flatMap((weight, index) => new Array<number>(weight).fill(index));
  return (random) => balls[random.below(balls.length)] as number;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
