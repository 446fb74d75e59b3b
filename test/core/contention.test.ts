import { describe, expect, it } from 'vitest';
import { createContention, type Look } from '../../src/core/contention.js';
import type { Day } from '../../src/core/day.js';

/** The same objects, as looks find them while nothing changes. */
const world = {
  output: { record: null },
  raw: {},
} as unknown as Pick<Look, 'output' | 'raw'>;
const right = { expected: '0', next: '3' as Day };

function lookAt(text: string | null): Look {
  return { ...world, stored: text === null ? { status: 'absent' } : { status: 'value', text } };
}

function codesAfter(moves: (contention: ReturnType<typeof createContention>) => void) {
  const contention = createContention({}, () => 0);
  contention.saw(lookAt('3'));
  moves(contention);
  return contention.notices().map(({ code }) => code);
}

describe('a checkpoint that someone else moves', () => {
  it('is told once it was put right again and again', () => {
    const move = (contention: ReturnType<typeof createContention>) =>
      contention.putRight(right, contention.saw(lookAt('0')));
    expect(codesAfter(move)).toEqual([]);
    expect(
      codesAfter((contention) => {
        move(contention);
        move(contention);
      }),
    ).toEqual(['checkpoint-contested']);
  });

  it('is one move, however many looks that overlap have seen it', () => {
    const codes = codesAfter((contention) => {
      const first = contention.saw(lookAt('0'));
      contention.putRight(right, first);
      // These had read before, and lose against the first.
      contention.saw(lookAt('0'));
      contention.saw(lookAt('0'));
      contention.saw(lookAt('3'));
    });
    expect(codes).toEqual([]);
  });

  it('is no move where the key was cleared', () => {
    const codes = codesAfter((contention) => {
      for (let times = 0; times < 3; times += 1) {
        contention.putRight(right, contention.saw(lookAt(null)));
      }
    });
    expect(codes).toEqual([]);
  });
});
