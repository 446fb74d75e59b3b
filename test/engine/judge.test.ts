/** The engines before an outside judge: the same orders, the same sums, the very same bytes. */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/core/ports/engine.js';
import type { RawFile } from '../../src/core/ports/raw.js';
import type { Day } from '../../src/model/day.js';
import { seedDefinition } from '../../src/model/definition.js';
import { encodeDay } from '../../src/output/encode.js';
import { shape } from '../support/counted.js';
import { type JudgedFile, openJudge } from './duckdb.js';
import { ignoredColumns, jobOver, writeFiles } from './job.js';
import { runs } from './runs.js';
import { nameOf, type SoundFile, soundDay, written } from './sound-days.js';
import { subjects } from './subjects.js';
import { h } from './words.js';

const day = '3' as Day;
const definition = seedDefinition('index', [...ignoredColumns]);

async function judged(sound: readonly SoundFile[]): Promise<JudgedFile[]> {
  const files = await writeFiles(written(sound));
  return sound.map((each, index) => ({
    file: files.find(({ name }) => name === nameOf(each, index)) as RawFile,
    columns: each.cells[0]?.length ?? 0,
    lineEnd: each.form.lineEnd,
  }));
}

/** Orders, and the rows as they would stand in the output. */
async function told(engine: Engine, files: readonly JudgedFile[]) {
  const result = await engine.aggregate(jobOver(files.map(({ file }) => file)));
  if (result.kind === 'rejected') return result;
  return {
    orders: result.records,
    csv: (await encodeDay(shape, day, result.rows)).bytes.toString(),
  };
}

test('csv, scan and DuckDB agree on sound days, to the byte', { timeout: 1_200_000 }, async () => {
  const judge = await openJudge();
  const engines = subjects.map(([name, create]) => ({ name, engine: create() }));
  onTestFinished(async () => {
    for (const { engine } of engines) await engine.close();
  });
  const seen = { files: 0, orders: 0 };
  await fc.assert(
    fc.asyncProperty(soundDay(day), async (sound) => {
      const files = await judged(sound);
      const { orders, csv } = await judge(definition, day, files);
      for (const { name, engine } of engines) {
        expect(await told(engine, files), name).toEqual({ orders, csv: csv.toString() });
      }
      seen.files += files.length;
      seen.orders += orders;
    }),
    runs(200, 3000),
  );
  process.stdout.write(`Files judged: ${seen.files}.\n`);
  // On files without orders, anyone agrees with anyone.
  expect(seen.orders).toBeGreaterThan(seen.files);
});

test.each([
  ['a count of 1.5', ['5', '3', '1.5']],
  ['a count of 1e3', ['5', '3', '1e3']],
  ['a count of 0x10', ['5', '3', '0x10']],
  ['a count below 0', ['5', '3', '-1']],
  ['hour 24', ['24', '3', '1']],
  ['no hour', ['', '3', '1']],
  ['another day', ['5', '4', '1']],
  ['a short row', ['5', '3']],
])('the judge is no pushover: it objects to %s', async (_, row) => {
  const judge = await openJudge();
  const form = { lineEnd: '\n', lastLineEnd: true, mark: false };
  const file = { cells: [[h, 'order_dow', 'x'], ['5', '3', '1.0'], row], form, gzip: false };
  await expect(judge(definition, day, await judged([file]))).rejects.toThrow(
    /no count|out of range|another day|Expected Number of Columns/,
  );
});
