/** What no single file of a day can tell: the same orders twice, a row that was cut, a part with nothing in it. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkFiles, columnsOf, possiblyTheSame } from '../../src/core/check-files.js';
import type { FileFacts } from '../../src/core/ports/engine.js';
import type { RawFile } from '../../src/core/ports/raw.js';
import { findSameTexts } from '../../src/engine/same-texts.js';
import { plainCsv } from '../../src/model/file-form.js';
import type { Run, StoredRun } from '../../src/model/run.js';
import { createRunFiles } from '../../src/output/run-files.js';
import { makePlane } from './plane.js';

const h = 'order_hour_of_day';
const text = `order_id,${h},milk\n1,8,3\n`;
const wholeText = `order_id,${h},milk\n1,8,3\n2,9,1`;
const checks = { identicalFiles: 'fail', requireFinalNewline: false, findSameTexts } as const;
const cut = 'ends without a line feed; if it was cut while it was uploaded, its last row is wrong';

type Files = Readonly<Record<string, string | Buffer>>;

async function planeWith(
  days: Readonly<Record<string, Files>>,
  changes: Partial<typeof checks> | object = {},
) {
  const made = await makePlane(undefined, { fileChecks: { ...checks, ...changes } });
  for (const [day, files] of Object.entries(days)) {
    await mkdir(join(made.root, 'raw', day), { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(made.root, 'raw', day, name), content);
    }
  }
  return made;
}

describe('files of one day that hold the same bytes', () => {
  const twice = { 'a.csv': text, 'b.csv.gz': gzipSync(text) };

  it('fail it, and name both', async () => {
    const { finish } = await planeWith({ '0': twice, '1': { 'a.csv': text } });
    const run = await finish();
    expect(run.days).toMatchObject([
      {
        day: '0',
        outcome: 'failed',
        error: {
          code: 'raw-invalid',
          detail: expect.stringMatching(
            /^b\.csv\.gz: it holds the same bytes as a\.csv, and would/,
          ),
          problemCount: 1,
        },
      },
      { day: '1', outcome: 'added' },
    ]);
  });

  it('are each told against the first of them', async () => {
    const other = text.replace('8', '9');
    const { finish } = await planeWith({
      '0': { 'a.csv': text, 'b.csv': other, 'c.csv': text, 'd.csv': other, 'e.csv': text },
    });
    const [day] = (await finish()).days;
    const told = day?.error?.problems.map(({ file, message }) => [file, message.split(',')[0]]);
    expect(told?.sort()).toEqual([
      ['c.csv', 'it holds the same bytes as a.csv'],
      ['d.csv', 'it holds the same bytes as b.csv'],
      ['e.csv', 'it holds the same bytes as a.csv'],
    ]);
  });

  it('fail a dry run as well', async () => {
    const { finish } = await planeWith({ '0': twice });
    expect((await finish({ dryRun: true })).days).toMatchObject([{ outcome: 'failed' }]);
  });

  it('all count where that is what was asked for', async () => {
    const { finish } = await planeWith({ '0': twice }, { identicalFiles: 'count' });
    expect(await finish()).toMatchObject({
      status: 'succeeded',
      warnings: [],
      days: [{ records: 2, totals: { items_count: 6 } }],
    });
  });

  it('may be alike where they have no orders', async () => {
    const header = `${h},milk\n`;
    const files = { 'a.csv': header, 'b.csv': header, 'c.csv': '', 'd.csv': '', 'e.csv': text };
    const { finish } = await planeWith({ '0': files });
    expect(await finish()).toMatchObject({ status: 'succeeded', days: [{ records: 1 }] });
  });

  it('may lie in two days', async () => {
    const { finish } = await planeWith({ '0': { 'a.csv': text }, '1': { 'a.csv': text } });
    expect(await finish()).toMatchObject({ status: 'succeeded' });
  });
});

describe('a last row without a line feed', () => {
  it('is told with its day and file, and counts', async () => {
    const { finish } = await planeWith({
      '0': { 'a.csv': text, 'b.csv': wholeText },
      '1': { 'a.csv.gz': gzipSync(wholeText) },
    });
    const run = await finish();
    expect(run).toMatchObject({
      status: 'succeeded',
      days: [{ totals: { items_count: 7 } }, { totals: { items_count: 4 } }],
    });
    expect(run.warnings).toEqual([`day 0: b.csv ${cut}`, `day 1: a.csv.gz ${cut}`]);
  });

  it('is told by a dry run, too', async () => {
    const { finish } = await planeWith({ '0': { 'a.csv': wholeText } });
    expect((await finish({ dryRun: true })).warnings).toEqual([`day 0: a.csv ${cut}`]);
  });

  it('is told of a header, too: its rows may be missing', async () => {
    const { finish } = await planeWith({
      '0': { 'a.csv': `order_id,${h},mil` },
      '1': { 'a.csv': `order_id,${h},milk\n` },
    });
    const { warnings } = await finish();
    expect(warnings).toEqual([
      'day 0: a.csv ends without a line feed; if it was cut while it was uploaded, its rows are missing',
    ]);
  });

  it.each([
    ['a.tsv', true, true],
    ['a.jsonl', false, true],
    ['a.JSONL.gz', false, true],
    ['a.parquet', false, false],
  ])('of %s is told: %o, and refused: %o', async (name, isTold, isRefused) => {
    const facts = [{ name, textBytes: 9, rows: 1, endsWithLineFeed: false, columns: [] }];
    const day = { files: [], complete: false };
    const { signal } = new AbortController();
    const lenient = await checkFiles(day, facts, checks, signal);
    expect(lenient.warnings).toHaveLength(isTold ? 1 : 0);
    const strict = { ...checks, requireFinalNewline: true };
    const { problems } = await checkFiles(day, facts, strict, signal);
    expect(problems.map(({ file }) => file)).toEqual(isRefused ? [name] : []);
  });

  it('is on record before the commit, should the process die behind it', async () => {
    const { folder, finish, root } = await planeWith({ '0': { 'a.csv': wholeText } });
    const run = await finish();
    const files = createRunFiles({ folder, onUnreadable: () => {} });
    const saved: Run[] = [];
    const history = { ...files, save: async ({ run: kept }: StoredRun) => void saved.push(kept) };
    await writeFile(join(root, 'raw', '0', 'a.csv'), `${wholeText}2`);
    const again = await makePlane(root, { fileChecks: checks, history });
    await again.finish();
    const warned = saved.filter(({ warnings }) => warnings.length > 0);
    expect(run.warnings).toEqual([`day 0: a.csv ${cut}`]);
    expect(warned[0]).toMatchObject({ status: 'running', warnings: run.warnings });
  });

  it('is told twenty times at most, and how often beyond', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 23 }, (_, n) => [`${n + 10}.csv`, `order_id,${h},milk\n${n},8,1`]),
    );
    const { finish } = await planeWith({ '0': files });
    const { warnings } = await finish();
    expect(warnings).toHaveLength(21);
    expect(warnings[19]).toBe(`day 0: 29.csv ${cut}`);
    expect(warnings[20]).toBe('and 3 more warnings about days');
  });

  it('fails its day where a last line feed is required', async () => {
    const days = { '0': { 'a.csv': wholeText }, '1': { 'a.csv': text } };
    const { finish } = await planeWith(days, { requireFinalNewline: true });
    const run = await finish();
    expect(run.days).toMatchObject([
      {
        outcome: 'failed',
        error: {
          code: 'raw-invalid',
          problems: [{ file: 'a.csv', message: expect.stringContaining('without a line feed') }],
        },
      },
      { outcome: 'added' },
    ]);
    expect(run.warnings).toEqual([]);
  });
});

describe('a part with nothing in it', () => {
  it('is told, and skipped', async () => {
    const { finish } = await planeWith({ '0': { 'a.csv': '', 'b.csv': text } });
    expect(await finish()).toMatchObject({
      status: 'succeeded',
      warnings: ['day 0: a.csv is empty, and was skipped'],
    });
  });

  it('is nothing to speak of beside _SUCCESS, be it alone', async () => {
    const { finish } = await planeWith({ '0': { 'a.csv': '', _SUCCESS: '' } });
    expect(await finish()).toMatchObject({
      status: 'succeeded',
      warnings: [],
      days: [{ records: 0, rows: 0 }],
    });
  });

  it('fails its day alone, until _SUCCESS comes', async () => {
    const { finish, root } = await planeWith({ '0': { 'a.csv': '' } });
    expect((await finish()).days).toMatchObject([
      { outcome: 'failed', error: { detail: 'a.csv: the file is empty; a header is expected' } },
    ]);
    await writeFile(join(root, 'raw', '0', '_SUCCESS'), '');
    expect((await finish()).days).toMatchObject([{ outcome: 'added' }]);
  });
});

const file = (name: string): RawFile => ({
  name,
  path: `/${name}`,
  sizeBytes: 1,
  mtimeNs: '0',
  form: plainCsv,
});
const facts = (name: string, changes: Partial<FileFacts> = {}): FileFacts => ({
  ...{ name, textBytes: 10, rows: 1, endsWithLineFeed: true, columns: [] },
  ...changes,
});

it('only files of one size are compared', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const groups = possiblyTheSame(names.map(file), [
    facts('a'),
    facts('b', { textBytes: 11 }),
    facts('c', { endsWithLineFeed: false }),
    facts('d', { rows: 2 }),
    facts('e', { textBytes: 11 }),
    facts('f'),
  ]);
  expect(groups.map((group) => group.map(({ name }) => name))).toEqual([
    ['a', 'f'],
    ['b', 'e'],
  ]);
});

it('the columns of a day are those of its files, each once, by code point', () => {
  const of = (...columns: string[]) => facts('a', { columns });
  expect(columnsOf([of('tea', '～'), of(), of('milk', 'tea', '😀', 'Tea')])).toEqual([
    'Tea',
    'milk',
    'tea',
    '～',
    '😀',
  ]);
});
