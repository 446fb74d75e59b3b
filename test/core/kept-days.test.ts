import { expect, it } from 'vitest';
import type { MadeDay } from '../../src/core/aggregate-day.js';
import { createKeptDays } from '../../src/core/kept-days.js';
import type { Spool } from '../../src/core/ports/output.js';
import type { RawDay } from '../../src/core/ports/raw.js';
import type { Day } from '../../src/model/day.js';
import { rowOf } from '../support/counted.js';

const raw = (day: string): RawDay => ({
  day: day as Day,
  ready: true,
  waitsFor: null,
  complete: false,
  files: [],
  refused: [],
  unread: [],
  fingerprint: [],
  identity: '',
});

function made(day: string, columns: readonly string[] = ['milk']): MadeDay {
  return {
    kind: 'aggregated',
    raw: raw(day),
    records: 1,
    rows: [rowOf({ hour: 1, category: 'milk', items: 1 })],
    encoded: { bytes: Buffer.from('row\n'), rows: 1, totals: { items_count: 1 }, sha256: '' },
    columns,
    warnings: [],
  };
}

const inMemory: Spool = { keep: async (day) => day, close: async () => {} };

it('a day that waits for the commit has its bytes, and no rows', async () => {
  const kept = await createKeptDays(inMemory).keep(made('0'));
  expect(kept).not.toHaveProperty('rows');
  expect(kept.encoded.bytes).toEqual(Buffer.from('row\n'));
});

it('a day of a dry run has neither', () => {
  const told = createKeptDays(inMemory).toldOnly(made('0'));
  expect(told).not.toHaveProperty('rows');
  expect(told.encoded).toMatchObject({
    bytes: Buffer.alloc(0),
    rows: 1,
    totals: { items_count: 1 },
  });
});

it('days with the same columns share one list of them', async () => {
  const days = createKeptDays(inMemory);
  const [first, second] = [await days.keep(made('0')), await days.keep(made('1', ['milk']))];
  expect(second.columns).toBe(first.columns);
  expect((await days.keep(made('2', ['milk', 'tea']))).columns).toEqual(['milk', 'tea']);
});
