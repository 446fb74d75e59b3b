/** The same tests say the same twice: nothing random without the seed, nothing judged by a clock that others use. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seed, seededBytes, seedFrom } from './seed.js';

describe('the seed', () => {
  it('is the same in every `npm test`, new in every soak, and can be given', () => {
    expect(seedFrom({})).toBe(1);
    expect(seedFrom({ DAYMARK_SOAK: '0' })).toBe(1);
    expect(seedFrom({ DAYMARK_SOAK: '1' })).toBeGreaterThan(1);
    expect(seedFrom({ DAYMARK_SOAK: '1', DAYMARK_SEED: '7' })).toBe(7);
  });

  it('is where properties begin that name none', () => {
    const numbers = fc.array(fc.nat(), { minLength: 20 });
    expect(fc.sample(numbers, 5)).toEqual(fc.sample(numbers, { numRuns: 5, seed }));
    expect(seededBytes(64)).toEqual(seededBytes(64));
  });

  it('is given to every configuration of Vitest', () => {
    const configs = readdirSync('.').filter((name) => /^vitest\..*config\.ts$/.test(name));
    expect(configs.length).toBeGreaterThan(2);
    for (const name of configs) expect(readFileSync(name, 'utf8'), name).toMatch(/\.\.\.seeded,/);
  });
});

/** Measuring is what the bench is for; Airflow wants secrets, and no test looks at them; a clock test tells hours apart. */
const exempt =
  /^test\/(bench|mutations|soak)\/|airflow-process\.ts$|core\/clocks\.test\.ts$|(seed|repeatable\.test)\.ts$/;
const sources = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name.replaceAll('\\', '/')}`)
  .filter((path) => /\.(ts|mjs)$/.test(path) && !exempt.test(path));

/** What each file may not hold, and what stands there in its place. */
const unrepeatable: readonly (readonly [string, RegExp])[] = [
  ['seeded bytes, or a property', /\brandomBytes\(|\brandomInt\(|Math\.random\(/],
  ['the seed of seed.ts', /Date\.now\(\) %|\bDAYMARK_(?!SEED)\w*SEED\b/],
  ['judgedMs', /expect\(\(?performance\.now\(\)[^\n]*\.toBeLessThan/],
  ['judgedMs around durations', /expect\([\w.]*(durationMs|[eE]lapsed\w*)\)\.toBeLessThan/],
];

it.each(unrepeatable)('no test does without %s', (_, pattern) => {
  expect(sources.length).toBeGreaterThan(200);
  const found = sources.filter((path) => pattern.test(readFileSync(path, 'utf8')));
  expect(found).toEqual([]);
});
