/** The scan engine against the reference, on days that were sound before something happened to them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Day, layoutOf } from '../../src/model/day.js';
import { dayFoldersIn } from '../../src/model/path-template.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { badDays, badDays3 } from '../faults/bad-input-corpus.js';
import { bytesDamage, cellsDamage, type Damage } from '../faults/bad-input-damage.js';
import { makeTempDir } from '../support/temp-dir.js';
import type { Cells } from './csv-text.js';
import { writeFiles } from './job.js';
import { runs } from './runs.js';
import { createScanFamily, small } from './scan-family.js';
import { nameOf, type SoundFile, soundDay, textOf } from './sound-days.js';

const { agree } = createScanFamily();
const { agree: agreeOnLarge } = createScanFamily(small);

function applied<Of>(damages: readonly Damage<Of>[], of: Of): Of {
  return damages.reduce((each, damage) => damage.apply(each), of);
}

interface Harm {
  readonly toCells: readonly Damage<Cells>[];
  readonly toText: readonly Damage<Buffer>[];
  readonly toStored: readonly Damage<Buffer>[];
}

const harm: fc.Arbitrary<Harm> = fc.record({
  toCells: fc.array(cellsDamage, { maxLength: 2 }),
  toText: fc.array(bytesDamage, { maxLength: 2 }),
  toStored: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.tuple(bytesDamage) },
  ),
});

function harmed(file: SoundFile, { toCells, toText, toStored }: Harm): Buffer {
  const text = Buffer.from(textOf({ ...file, cells: applied(toCells, file.cells) }));
  const bytes = applied(toText, text);
  return file.gzip ? applied(toStored, gzipSync(bytes)) : bytes;
}

test('whatever happened to a day, both say the same of it', { timeout: 1_200_000 }, async () => {
  const seen = { aggregated: 0, rejected: 0 };
  await fc.assert(
    fc.asyncProperty(soundDay('3', 2), fc.tuple(harm, harm), async (day, harms) => {
      const contents = day.map((file, index) => [
        nameOf(file, index),
        harmed(file, harms[index] as Harm),
      ]);
      const { kind } = await agree(await writeFiles(Object.fromEntries(contents)));
      seen[kind] += 1;
    }),
    runs(250, 3000),
  );
  expect(Math.min(seen.aggregated, seen.rejected)).toBeGreaterThan(25);
});

/** A bomb takes every reader seconds: `test/faults/bad-input` has each engine read it once. */
const corpus = [...badDays, ...badDays3].filter(({ what }) => !what.endsWith('a bomb'));

describe('of the corpus of bad input', () => {
  test.each(corpus)('$what', async ({ plant, problems }) => {
    const rawDir = await makeTempDir();
    await mkdir(join(rawDir, '3'));
    await plant(join(rawDir, '3'));
    const store = createRawStore({
      template: dayFoldersIn(rawDir, layoutOf('index')),
      requireSuccessFile: false,
    });
    const raw = await store.settle('3' as Day);
    // What the raw store refuses never comes to an engine; what is left beside it does.
    const expected = raw?.refused.length === 0 ? { kind: 'rejected', problems } : {};
    const files = raw?.files ?? [];
    const large = files.some(({ sizeBytes }) => sizeBytes > 10_000);
    const outcome = await (large ? agreeOnLarge(files) : agree(files));
    expect(outcome).toMatchObject(expected);
  });
});
