/** A dataset whose days hold CSV, TSV and JSON Lines, plain and compressed, in a service. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { declaredIn } from '../support/declared.js';
import { startSeveral } from '../support/several.js';
import { makeTempDir } from '../support/temp-dir.js';
import { zstdOf } from '../support/zstd.js';

const yaml = (names: string, more = '') => `
datasets:
  sales:
    raw: raw/{day}/*.${names}
    day: index
    columns: { shop: text, pieces: integer? }
    by: [shop]
    measures: { rows: count(), pieces: sum(pieces) }
    output: out/sales.csv
${more}`;

async function startSales(names: string, more?: string) {
  const base = await makeTempDir();
  const [sales] = declaredIn(join(base, 'daymark.yaml'), yaml(names, more));
  if (sales === undefined) throw new Error('there is no dataset');
  await mkdir(join(base, 'raw', '3'), { recursive: true });
  const service = await startSeveral({ datasets: { sales } });
  const land = (name: string, content: string | Uint8Array) =>
    writeFile(join(base, 'raw', '3', name), content);
  return { ...service, land, output: () => readFile(join(base, 'out', 'sales.csv'), 'utf8') };
}

const all = '{csv,tsv,jsonl}{,.gz,.zst}';

describe('a day of files in several forms', () => {
  it('is one day', async () => {
    const { land, run, output, http } = await startSales(all, '    csv: { delimiter: ";" }\n');
    await land('a.csv', 'shop;pieces\nNorth;1\n');
    await land('b.csv.zst', zstdOf('pieces;shop\n2;North\n'));
    await land('c.TSV', 'shop\tpieces\nNorth\t4\n"a\tb"\t\n');
    await land('d.tsv.gz', gzipSync('shop\tpieces\n;\t8\n'));
    await land('e.jsonl', '{"shop":"North","pieces":16,"x":[]}\n{"shop":";"}');
    await land('f.jsonl.zst', zstdOf('{"pieces":32,"shop":"North"}\n'));
    expect((await run('sales')).body).toMatchObject({ status: 'succeeded', warnings: [] });
    expect(await output()).toBe('day_of_week,shop,rows,pieces\n3,;,2,8\n3,North,5,55\n3,a\tb,1,\n');
    const { body } = await http.get('/v1/days/3');
    expect(body).toMatchObject({ state: 'processed', raw: { unread: [] } });
  });

  it('fails by the file, in its own words', async () => {
    const { land, run, http } = await startSales(all);
    await land('a.csv', 'shop,pieces\nNorth,1\n');
    await land('b.tsv', 'shop,pieces\nNorth,1\n');
    await land('c.jsonl', '{"shop":"North","pieces":1e-1}\n');
    const { body } = await run('sales');
    const { body: failed } = await http.get(`/v1/runs/${body.runId}`);
    expect(failed.days[0].error.problems).toMatchObject([
      {
        ...{ file: 'b.tsv', line: 1 },
        message:
          'the header looks like one with "," between its columns, not "\\t"; name the file .csv instead of .tsv, and set delimiter to "," under csv of the dataset',
      },
      { file: 'c.jsonl', line: 1, column: 'pieces', value: '1e-1' },
    ]);
  });

  it('fails where two say the same, however they are compressed', async () => {
    const { land, run, http } = await startSales(all);
    const text = '{"shop":"North","pieces":1}\n';
    await land('a.jsonl', text);
    await land('b.jsonl.gz', gzipSync(text));
    await land('c.jsonl.zst', zstdOf(text));
    const { body } = await run('sales');
    const { body: failed } = await http.get(`/v1/runs/${body.runId}`);
    expect(failed.days[0].error.problems).toMatchObject([
      {
        file: 'b.jsonl.gz',
        message: expect.stringMatching(/^it holds the same bytes as a\.jsonl/),
      },
      {
        file: 'c.jsonl.zst',
        message: expect.stringMatching(/^it holds the same bytes as a\.jsonl/),
      },
    ]);
  });

  it('waits for files of the forms that its template names, and tells others', async () => {
    const { land, http } = await startSales('{tsv,jsonl}');
    for (const name of ['a.csv', 'a.parquet', 'a.jsonl.gz']) await land(name, '');
    const { body } = await http.get('/v1/days/3');
    const why = (ending: string) =>
      `It ends with ${ending}; files of a day end with .tsv or .jsonl. Bring it into that form, or begin its name with _ if it is no data.`;
    expect(body.raw.unread).toEqual([
      { name: 'a.csv', reason: why('.csv') },
      { name: 'a.jsonl.gz', reason: why('.jsonl.gz') },
      { name: 'a.parquet', reason: why('.parquet') },
    ]);
    expect(body).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('a file that ends with .tsv or .jsonl'),
    });
  });
});
