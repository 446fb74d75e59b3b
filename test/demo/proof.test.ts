import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { confirm, Differs } from '../../examples/demo/confirm.js';
import { prove } from '../../examples/demo/proof.js';
import { land } from '../../examples/demo/raw-days.js';
import { startTestService } from '../support/service.js';

let printed = '';

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function makeOutput() {
  const { root, rawDir, run, output } = await startTestService();
  await land(rawDir, ['0', '1']);
  await run();
  const stage = { folder: root, rawDir };
  return {
    csv: await output(),
    proveOf: (text: string) => prove(stage, { output: async () => text }),
  };
}

test('the proof passes for the right output, and ticks off both claims', async () => {
  const { csv, proveOf } = await makeOutput();

  await proveOf(csv);

  expect(printed).toMatch(/✓ [0-9,]+ items in the raw files/);
  expect(printed).toMatch(/✓ the same bytes as an output made from scratch/);
});

test.each([
  ['every row stands twice', (header: string, rows: string[]) => [header, ...rows, ...rows]],
  ['a row is lost', (header: string, rows: string[]) => [header, ...rows.slice(1)]],
  [
    'two rows changed places',
    (header: string, [a = '', b = '', ...rows]: string[]) => [header, b, a, ...rows],
  ],
])('the proof fails where %s', async (_, spoil) => {
  const { csv, proveOf } = await makeOutput();
  const [header = '', ...rows] = csv.trimEnd().split('\n');

  await expect(proveOf(`${spoil(header, rows).join('\n')}\n`)).rejects.toThrow(Differs);
});

test('a claim that does not hold tells what was expected and what was found', () => {
  expect(() => confirm('all is well', ['a'], ['b'])).toThrow(
    /all is well\n +expected +\["b"\]\n +found +\["a"\]/,
  );
  expect(printed).toBe('');
});
