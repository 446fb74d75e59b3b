import { expect, it } from 'vitest';
import { table } from '../../src/cli/table.js';
import { recordOutput } from './recorded-output.js';

it('a table has as many rows as there are', () => {
  const rows = Array.from({ length: 300_000 }, (_, index) => [String(index), 'new']);
  const text = table(recordOutput().output, [{ title: 'day' }, { title: 'state' }], rows);
  expect(text.split('\n')).toHaveLength(rows.length + 2);
  expect(text.endsWith('299999  new\n')).toBe(true);
}, 60_000);
