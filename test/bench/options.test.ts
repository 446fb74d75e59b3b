import { expect, it } from 'vitest';
import { parseOptions, usualParts } from './options.js';

it('runs every part but the one that takes long where none is named', () => {
  expect(parseOptions([])).toMatchObject({
    options: { quick: false, parts: usualParts, python: true },
  });
});

it('runs the parts that are named, in its own order', () => {
  const args = ['--only', 'http', '--only', 'days', '--quick', '--without-python'];
  expect(parseOptions(args)).toMatchObject({
    options: { quick: true, parts: ['days', 'http'], python: false },
  });
});

it.each([[['--only', 'engine']], [['--fast']], [['days']]])('refuses %j, in a sentence', (args) => {
  expect(parseOptions(args)).toMatchObject({
    kind: 'mistake',
    sentence: expect.stringMatching(/\.$|'/),
  });
});
