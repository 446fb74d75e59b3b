import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { buildSchema } from '../../src/config/datasets-schema.js';

/** `npm run build` writes it. */
it('the committed schema of daymark.yaml is the one that the code makes', async () => {
  expect(await readFile('openapi/daymark.schema.json', 'utf8')).toBe(buildSchema());
});

it('says of each setting what may stand there', () => {
  const { datasets } = JSON.parse(buildSchema()).properties;
  const { properties, required, additionalProperties } = datasets.additionalProperties;
  expect([required, additionalProperties]).toEqual([['raw', 'day', 'output'], false]);
  expect(properties.identical_files).toMatchObject({ type: 'string', enum: ['fail', 'count'] });
  expect(properties.require_success_file).toMatchObject({ type: 'boolean' });
  for (const each of Object.values<{ description?: string }>(properties)) {
    expect(each.description).toMatch(/\w/);
  }
});
