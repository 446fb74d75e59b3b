/** The publication protocol, step by step in every order: what it promises holds, and needs each of its steps. */
import { afterAll, describe, expect, it, vi } from 'vitest';
import { manyCasesMs, soak } from '../faults/soak.js';
import { search } from './protocol-search.js';
import type { Model, Omission } from './protocol-state.js';

vi.setConfig({ testTimeout: manyCasesMs });

let states = 0;
afterAll(() => {
  process.stdout.write(`States of the protocol searched: ${states}.\n`);
});

function searched(model: Model) {
  const found = search(model);
  states += found.states;
  return found;
}

const exchange = ['exchange', 'exchange'] as const;
const rename = ['rename', 'rename'] as const;
/** As while one of two processes is replaced by one that can exchange. */
const mixed = ['exchange', 'rename'] as const;

const two: Model = { writers: ['ab', 'c'], ways: exchange, crashes: 0, foreign: 1, keep: 50 };

const quick: readonly Model[] = [
  { ...two, foreign: 2 },
  { ...two, crashes: 1, foreign: 0 },
  { ...two, writers: ['a', 'b'], crashes: 1 },
  { ...two, ways: mixed },
  { ...two, ways: rename },
  { ...two, keep: 1 },
];

const long: readonly Model[] = [
  { ...two, crashes: 1, foreign: 2 },
  { ...two, writers: ['ab', 'cd'], crashes: 1 },
  { ...two, ways: mixed, crashes: 1 },
  { ...two, ways: rename, crashes: 1 },
  { ...two, keep: 1, crashes: 1 },
  { ...two, writers: ['ab', 'c', 'd'], ways: [...exchange, 'exchange'], foreign: 0 },
  { ...two, writers: ['a', 'b', 'c'], ways: [...mixed, 'exchange'] },
];

describe('no order of the steps', () => {
  it.each(soak ? [...quick, ...long] : quick)(
    'of writers $writers by $ways, with $crashes crashes and $foreign foreign versions, breaks a promise',
    (model) => {
      expect(searched(model).violation).toBeNull();
    },
  );
});

const needed: readonly [Omission, Partial<Model>, RegExp][] = [
  ['look after the claim', { keep: 1, foreign: 0 }, /went back|is not in the head/],
  ['fence of the past', { foreign: 0 }, /went back to 2a/],
  ['private links', { foreign: 0 }, /went back to 1i/],
  ['rename before the look', {}, /foreign version f1 is lost/],
  ['copies of others left alone', { ways: rename }, /foreign version f1 is lost/],
];

describe('some order of the steps', () => {
  it.each(needed)('breaks a promise without "%s"', (without, more, what) => {
    expect(searched({ ...two, ...more, without }).violation?.what).toMatch(what);
  });
});
