import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ignoredColumns, jobOver, writeFiles } from './job.js';
import { runs } from './runs.js';
import { nameOf, type SoundFile, soundDay, textOf, written } from './sound-days.js';
import { describeEngines } from './subjects.js';
import { h } from './words.js';

function naiveSums(files: readonly SoundFile[]) {
  const sums = new Map<string, number>();
  for (const { cells } of files) {
    const [names = [], ...rows] = cells;
    for (const row of rows) {
      const hour = Number(row[names.indexOf(h)]);
      for (const [index, name] of names.entries()) {
        if (ignoredColumns.has(name)) continue;
        const key = JSON.stringify([hour, name]);
        sums.set(key, (sums.get(key) ?? 0) + Number(row[index]));
      }
    }
  }
  return [...sums]
    .filter(([, items]) => items > 0)
    .map(([key, items]) => {
      const [hour, name] = JSON.parse(key) as [number, string];
      return { hour, category: name, items };
    })
    .sort(
      (a, b) => a.hour - b.hour || Buffer.compare(Buffer.from(a.category), Buffer.from(b.category)),
    )
    .map(({ hour, category, items }) => ({ key: [`${hour}`, category], values: [`${items}`] }));
}

function naiveFacts(files: readonly SoundFile[]) {
  return files.map((file, index) => ({
    name: nameOf(file, index),
    textBytes: Buffer.byteLength(textOf(file)),
    rows: file.cells.length - 1,
    endsWithLineFeed: textOf(file).endsWith('\n'),
    columns: file.cells[0]?.filter((name) => !ignoredColumns.has(name)),
  }));
}

describeEngines((engine) => {
  test('random tables give the same as a sum in memory', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(soundDay('3'), async (day) => {
        expect(await engine.aggregate(jobOver(await writeFiles(written(day))))).toEqual({
          kind: 'aggregated',
          records: day.reduce((sum, { cells }) => sum + cells.length - 1, 0),
          files: naiveFacts(day),
          rows: naiveSums(day),
        });
      }),
      runs(200, 2000),
    );
  });
});
