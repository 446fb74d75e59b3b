/** The registry: what is said of a setting is what is checked of it. */
import { describe, expect, it } from 'vitest';
import { serveOptions } from '../../src/cli/settings.js';
import { variableOf } from '../../src/config/setting.js';
import { allSettings, settingGroups, settingNames } from '../../src/config/settings.js';

const settings = Object.entries(allSettings);

it('no name stands twice', () => {
  const names = settingGroups.flatMap((group) => Object.keys(group.settings));
  expect(new Set(names).size).toBe(names.length);
  expect(settingNames).toEqual(names.map(variableOf));
});

describe.each(settings)('%s', (_, { default: fallback, check, sentence }) => {
  it('has a default that passes its own check', () => {
    if (fallback !== null) expect(check.safeParse(fallback).error).toBeUndefined();
  });

  it('is told in a sentence that a row of a table can hold', () => {
    expect(sentence).toMatch(/^[^\n|]{15,}[^.\n|]$/);
  });
});

it('an option offers the values that its setting takes', () => {
  expect(serveOptions).toMatchObject({
    layout: { choices: ['index', 'date'] },
    engine: { choices: ['scan', 'duckdb', 'csv', 'spark', 'auto'] },
    'raw-dir': { description: 'the raw root; only ever read [DAYMARK_RAW_DIR]' },
  });
});
