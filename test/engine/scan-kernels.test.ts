/** The two kernels of the scan engine, side by side: one is fast, the other is easy to read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stepsWasm } from '../../src/engine/duckdb/plain/steps-wasm.js';
import { compileKernel } from '../../src/engine/scan/kernel/build.mjs';
import { ByteKernel } from '../../src/engine/scan/kernel/byte-kernel.js';
import { type Kernel, lines } from '../../src/engine/scan/kernel/kernel.js';
import { rowsWasm } from '../../src/engine/scan/kernel/rows-wasm.js';
import { createWasmKernel } from '../../src/engine/scan/kernel/wasm-kernel.js';
import { planTable, type TablePlan } from '../../src/engine/scan/table-plan.js';
import type { Day } from '../../src/model/day.js';
import type { WideDefinition } from '../../src/model/definition.js';
import { seed } from '../support/counted.js';

const range = { name: 'hour', column: 'h' };
const bufferBytes = 65_536;
const wasm = createWasmKernel(bufferBytes) as Kernel;
const bytes = new ByteKernel(bufferBytes);

type By = Pick<WideDefinition, 'by'>;

const hours: By = seed;

/** Letters by column: i(gnored), d(ay), h(our, or whatever rows are told apart by), c(ount). */
function planOf(columns: string, by: By = hours): TablePlan {
  const names = [...columns].map((kind, index) => `${kind}${index}`);
  return planTable(
    {
      names,
      by: columns.includes('h') ? [columns.indexOf('h')] : [],
      day: columns.includes('d') ? columns.indexOf('d') : null,
      categories: [...names.keys()].filter((index) => columns[index] === 'c'),
    },
    '12' as Day,
    { ...seed, ...by },
  );
}

/** Puts the text at the very end of the buffer, so that a vector reaches beyond it. */
function outcome(kernel: Kernel, plan: TablePlan, text: string | Uint8Array) {
  kernel.begin(plan);
  const content = Buffer.from(text);
  kernel.buffer.fill(0x30);
  const from = kernel.buffer.length - content.length;
  kernel.buffer.set(content, from);
  const found = kernel.add(from, kernel.buffer.length);
  return found === lines.odd ? 'odd' : { found, ...kernel.sums() };
}

function both(columns: string, text: string | Uint8Array, by: By = hours) {
  const plan = planOf(columns, by);
  const result = outcome(wasm, plan, text);
  expect(result).toEqual(outcome(bytes, plan, text));
  return result;
}

const kinds = fc
  .array(fc.constantFrom<string>('i', 'c', 'c', 'c', 'cccccccc'), { maxLength: 12 })
  .chain((others) =>
    fc.tuple(fc.shuffledSubarray(['h', 'd'], { minLength: 1 }), fc.nat()).map(([special, seed]) => {
      const columns = [...others];
      for (const kind of special.includes('h') ? special : ['h']) {
        columns.splice(seed % (columns.length + 1), 0, kind);
      }
      return columns.join('');
    }),
  );

const usual: Readonly<Record<string, readonly string[]>> = {
  i: ['1', '77', '', 'x', '7.0', '-', 'a text of more than sixteen bytes', ' !#$%&', '€'],
  d: ['12'],
  h: ['0', '9', '23', '07', '10'],
  c: ['0', '0', '0', '0', '0', '1', '9', '', '12', '123', '1234', '999', '000', '123456789012345'],
};
const strange = [
  '',
  '1',
  '12',
  '24',
  '1234567890123456',
  '/',
  ':',
  '0:',
  '0/',
  '"',
  '\0',
  '\r',
  'é',
];

/** One row of such columns; with a cell, a separator or a line end that may be wrong. */
function row(columns: string, seed: readonly number[], wrong: number): string {
  const pick = <T>(from: readonly T[], index: number) =>
    from[(seed[index % seed.length] ?? 0) % from.length] as T;
  const cells = [...columns].map((kind, index) => pick(usual[kind] ?? [], index));
  const at = wrong % (10 * cells.length);
  if (at < cells.length) cells[at] = pick(strange, at);
  const ends = ['\n', '\r\n', '\n', '\r\n', '\n\n', '\r\n\r\n', '\n\r\n\n'];
  return (wrong % 31 === 0 ? '\n' : '') + cells.join(',') + pick(ends, 0);
}

test('both read random lines alike', () => {
  const found = { odd: 0, well: 0 };
  fc.assert(
    fc.property(
      kinds.chain((columns) =>
        fc.record({
          columns: fc.constant(columns),
          rows: fc.array(
            fc.tuple(fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }), fc.nat(1_000_000)),
            { minLength: 1, maxLength: 6 },
          ),
        }),
      ),
      ({ columns, rows }) => {
        const text = rows.map(([seed, wrong]) => row(columns, seed, wrong)).join('');
        found[both(columns, text) === 'odd' ? 'odd' : 'well'] += 1;
      },
    ),
    { numRuns: 3000 },
  );
  expect(found.odd).toBeGreaterThan(300);
  expect(found.well).toBeGreaterThan(300);
});

describe('one byte changed', () => {
  const columns = 'idhicccccccccccccccccccc';
  const text = Buffer.from(
    '7,12,08,x y,0,0,0,0,0,0,0,0,0,1,0,12,,,345,6,0,0,0,7\n31,12,9,,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\r\n',
  );

  test('is seen alike by both, whichever byte and whatever it becomes', () => {
    expect(both(columns, text)).not.toBe('odd');
    // The last byte is a line feed by contract.
    for (let at = 0; at < text.length - 1; at += 1) {
      for (let byte = 0; byte < 256; byte += 1) {
        const changed = Buffer.from(text);
        changed[at] = byte;
        both(columns, changed);
      }
    }
  });

  test('or left out, or doubled', () => {
    for (let at = 0; at < text.length - 1; at += 1) {
      both(columns, Buffer.concat([text.subarray(0, at), text.subarray(at + 1)]));
      both(columns, Buffer.concat([text.subarray(0, at), text.subarray(at)]));
    }
  });
});

test.each<[least: number, most: number]>([
  [0, 0],
  [0, 6],
  [1, 7],
  [0, 99],
  [90, 99],
  [-3, 3],
])('a row counts in the bucket of its value, from %d to %d, and in no other', (least, most) => {
  const by = { by: [{ ...range, least, most }] };
  for (let value = -1; value <= 100; value += 1) {
    const result = both('hc', `${value},7\n`, by);
    if (value < Math.max(0, least) || value > most) {
      expect(result).toBe('odd');
    } else {
      const sums = new Float64Array(most - least + 1);
      sums[value - least] = 7;
      expect(result).toEqual({ found: lines.plain, records: 1, sums });
    }
  }
});

test('without a column to tell rows apart by, all count together, whatever was read before', () => {
  both('hcc', '23,1,1\n');
  expect(both('cc', '1,2\n3,4\n', { by: [] })).toEqual({
    found: lines.plain,
    records: 2,
    sums: Float64Array.of(4, 6),
  });
});

test('single digits add up beyond 16 bits', () => {
  const columns = `h${'c'.repeat(20)}`;
  const plan = planOf(columns);
  const block = `5${',9'.repeat(20)}\n`.repeat(1000);
  for (const kernel of [wasm, bytes]) {
    kernel.begin(plan);
    kernel.buffer.set(Buffer.from(block));
    for (let round = 0; round < 20; round += 1) {
      expect(kernel.add(0, block.length)).toBe(lines.plain);
    }
    const { records, sums } = kernel.sums();
    expect(records).toBe(20_000);
    expect([...sums.subarray(5 * 20, 6 * 20)]).toEqual(Array(20).fill(180_000));
    expect(sums.reduce((sum, each) => sum + each)).toBe(20 * 180_000);
  }
});

test('a wider table after a narrow one, and the narrow one again', () => {
  const wide = `h${'c'.repeat(4000)}`;
  for (let round = 0; round < 2; round += 1) {
    expect(both('hc', '5,7\n')).not.toBe('odd');
    expect(both(wide, `23${',1'.repeat(4000)}\n`)).not.toBe('odd');
  }
});

test('the compiled kernels are what their sources say', { timeout: 60_000 }, async () => {
  expect(await compileKernel('rowsWasm')).toContain(rowsWasm);
  expect(await compileKernel('stepsWasm')).toContain(stepsWasm);
});
