/** An output that Spark wrote, as a folder of parts: what it is, and the command that makes one file of it. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { joinParts } from '../../src/output/join-parts.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { UnfitPlace } from '../../src/output/place.js';
import { sparkFolderAt } from '../../src/output/spark-folder.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { makeTempDir } from '../support/temp-dir.js';
import { header, listFolder, summary } from './place.js';

type Files = Readonly<Record<string, string | Buffer>>;

/** In a folder with a name that a shell takes apart where it is not quoted. */
async function makeOutput(files: Files, named = "it's $HOME orders.csv") {
  const output = join(await makeTempDir(), named);
  await mkdir(output);
  for (const [name, content] of Object.entries(files)) await writeFile(join(output, name), content);
  const store = createOutputStore({ folder: stateFolderOf(output), shape });
  return { output, store };
}

async function refusalOf(store: { open(): Promise<unknown> }): Promise<string> {
  const error = await store.open().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UnfitPlace);
  return (error as Error).message;
}

const rows = '0,8,a,1\n0,9,"b, or c",2\n';
const marks = { _SUCCESS: '', '.part-00000.csv.crc': 'crc', '._SUCCESS.crc': 'crc' };
const plain = '0,8,a,1\n0,9,"b, or c",2\n1,8,a,3\n';

const folders: [string, Files, string][] = [
  ['one part', { 'part-00000-f9-c000.csv': header + rows }, rows],
  [
    'a header in every part, of which one is empty',
    {
      'part-00000-f9-c000.csv': '',
      'part-00001-f9-c000.csv': header + rows,
      'part-00002-f9-c000.csv': header,
      'part-00003-f9-c000.csv': `${header}1,8,a,3\n`,
    },
    plain,
  ],
  ['no header', { 'part-00000': rows, 'part-00001': '1,8,a,3\n' }, plain],
  [
    'a last line without an end',
    { 'part-00000.csv': (header + rows).trimEnd(), 'part-00001.csv': `${header}1,8,a,3` },
    plain,
  ],
  [
    'gzip',
    {
      'part-00000.csv.gz': gzipSync(''),
      'part-00001.csv.gz': gzipSync(header + rows),
      'part-00002.csv.gz': gzipSync(`${header}1,8,a,3\n`),
    },
    plain,
  ],
  [
    'gzip without a header',
    { 'part-00000.gz': gzipSync(rows), 'part-00001.gz': gzipSync('1,8,a,3\n') },
    plain,
  ],
  [
    'an append that ran twice',
    { 'part-00000-f9.csv': header + rows, 'part-00000-a1.csv': header + rows },
    rows + rows,
  ],
  [
    'no header, and last lines without an end',
    { 'part-00000': rows.trimEnd(), 'part-00001': '1,8,a,3' },
    plain,
  ],
  [
    'gzip, and last lines without an end',
    {
      'part-00000.csv.gz': gzipSync((header + rows).trimEnd()),
      'part-00001.csv.gz': gzipSync(`${header}1,8,a,3`),
    },
    plain,
  ],
  ['nothing but headers', { 'part-00000.csv': header, 'part-00001.csv': header }, ''],
];

describe('a folder as Spark writes it', () => {
  it.each(folders)(
    'with %s is made one file by the command of the refusal',
    async (_what, files, wanted) => {
      const { output, store } = await makeOutput({ ...files, ...marks });
      const message = await refusalOf(store);
      const count = Object.keys(files).length;
      expect(message).toContain(
        `${output} is a folder with ${count === 1 ? 'one part file' : `${count} part files`}, as Spark writes it`,
      );
      const [, command = ''] = message.split('\n');
      await promisify(execFile)('/bin/sh', ['-c', command], { cwd: '/' });

      expect(await readFile(output, 'utf8')).toBe(header + wanted);
      // The parts are kept beside it, whole.
      for (const [name, content] of Object.entries(files)) {
        expect(await readFile(join(`${output}.spark`, name))).toEqual(Buffer.from(content));
      }
      await store.open();
      expect(Object.keys(summary(await store.look()))).toEqual([
        ...new Set(wanted.match(/^\d+/gm)),
      ]);
    },
  );

  it.each(folders)(
    'with %s is joined as it lies there, and left alone',
    async (_what, files, wanted) => {
      const { output } = await makeOutput({ ...files, ...marks });
      const folder = await sparkFolderAt(output);
      expect(folder?.parts).toEqual(Object.keys(files).sort());
      const into = await makeTempDir();
      if (folder === null) return;
      const joined = await readFile(await joinParts(folder, shape, into), 'utf8');
      expect(joined.replaceAll(/\n+/g, '\n')).toBe(header + wanted);
      expect((await listFolder(output)).sort()).toEqual(Object.keys({ ...files, ...marks }).sort());
    },
  );

  it('does not put what was moved away into what lies there', async () => {
    const { output, store } = await makeOutput({ 'part-00000': rows }, 'orders.csv');
    await mkdir(`${output}.spark`);
    await writeFile(`${output}.new`, 'mine');
    const [, command = ''] = (await refusalOf(store)).split('\n');
    expect(command).toBe(
      `    (echo day_of_week,hour_of_day,category,items_count; awk 1 ${output}/part-*) > ${output}.new-2 && mv ${output} ${output}.spark-2 && mv ${output}.new-2 ${output}`,
    );
  });

  it.each<[string, Files, RegExp]>([
    [
      'a row that is none',
      { 'part-00001.csv': `${header}0,8,a,1\n0,x,b,2\n` },
      /part-00001\.csv: line 3: column "hour_of_day": "x" is not/,
    ],
    [
      'another header',
      { 'part-00000.csv': 'day,hour\n0,8\n' },
      /part-00000\.csv: line 1: the header is "day,hour"/,
    ],
    [
      'broken gzip',
      { 'part-00000.gz': Buffer.from('no gzip') },
      /part-00000\.gz: it is not whole gzip/,
    ],
    [
      'cut gzip',
      { 'part-00000.gz': gzipSync(header + rows).subarray(0, 50) },
      /part-00000\.gz: it is not whole gzip/,
    ],
  ])('is not joined with %s: the part and its line are named', async (_what, files, why) => {
    const { output } = await makeOutput(files);
    const folder = await sparkFolderAt(output);
    const joined = joinParts(folder ?? { path: output, parts: [] }, shape, await makeTempDir());
    await expect(joined).rejects.toThrow(why);
    await expect(joined).rejects.toMatchObject({ name: 'UnreadableOutput' });
  });
});

describe('another folder in the place of the output', () => {
  it.each<[string, string[], RegExp]>([
    [
      'Parquet',
      ['part-00000.snappy.parquet'],
      /part files that are not CSV, such as part-00000\.snappy/,
    ],
    [
      'a compression that is not read',
      ['part-00000.csv', 'part-00001.csv.zst'],
      /such as part-00001\.csv\.zst/,
    ],
    ['folders', ['0/', '1/', '_temporary/'], /a folder of folders, such as [01], and not one file/],
    ['something else', ['notes.txt'], /is a folder, and not a file/],
    ['what Spark had not finished', ['_temporary/'], /is a folder, and not a file/],
    ['nothing', [], /is a folder, and not a file/],
  ])('of %s is called what it is', async (_what, names, why) => {
    const { output, store } = await makeOutput({});
    for (const name of names) {
      if (name.endsWith('/')) await mkdir(join(output, name));
      else await writeFile(join(output, name), 'x');
    }
    const message = await refusalOf(store);
    expect(message).toMatch(why);
    expect(message).toContain('set DAYMARK_OUTPUT_FILE to a file');
    expect(await sparkFolderAt(output)).toBeNull();
  });
});
