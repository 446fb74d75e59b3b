import { describe, expect, it } from 'vitest';
import { createRandom, createUrn } from '../../src/sample/random.js';

const draws = 60_000;

describe('createRandom', () => {
  it('draws every number below the bound about equally often', () => {
    const random = createRandom('test');
    const counts = new Array<number>(6).fill(0);
    for (let draw = 0; draw < draws; draw += 1) {
      const value = random.below(6);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    expect(counts).toHaveLength(6);
    // 10,000 expected in each; 500 is more than five standard deviations.
    expect(counts.filter((count) => Math.abs(count - 10_000) > 500)).toEqual([]);
  });

  it('gives a stream of its own to each text, and the same one again', () => {
    const streamOf = (text: string) => {
      const random = createRandom(text);
      return Array.from({ length: 8 }, () => random.below(1000));
    };
    expect(streamOf('1/2')).toEqual(streamOf('1/2'));
    expect(streamOf('1/2')).not.toEqual(streamOf('1/3'));
  });
});

describe('createUrn', () => {
  it('draws by weight, and never what weighs nothing', () => {
    const random = createRandom('test');
    const draw = createUrn([3, 0, 1]);
    const counts = [0, 0, 0];
    for (let turn = 0; turn < draws; turn += 1) {
      const index = draw(random);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    expect((counts[0] ?? 0) / draws).toBeCloseTo(0.75, 1);
  });
});
