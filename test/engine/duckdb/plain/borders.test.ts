/** Every border at every byte, without threads; and threads that die, or are called off. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readColumnsHeader } from '../../../../src/engine/csv/columns/header.js';
import { createPlainCheck } from '../../../../src/engine/duckdb/plain/check-plain.js';
import { PlainKernel } from '../../../../src/engine/duckdb/plain/plain-kernel.js';
import { type RowTable, rowTableOf } from '../../../../src/engine/duckdb/plain/row-table.js';
import { longestLineBytes } from '../../../../src/engine/scan/kernel/kernel.js';
import { control, scanStretches } from '../../../../src/engine/scan/stretch.js';
import { ThreadPool } from '../../../../src/engine/threads/thread-pool.js';
import type { Day } from '../../../../src/model/day.js';
import { makeTempDir } from '../../../support/temp-dir.js';
import { definitionOf } from '../../columns/job.js';
import { writeFiles } from '../../job.js';

const day = '2026-11-23' as Day;
const definition = definitionOf({
  columns: { n: 'integer', s: 'text?', d: 'date' },
  measures: { rows: 'count()' },
});
const kernel = new PlainKernel(longestLineBytes + 1024);

function tableFor(crlf: boolean): RowTable {
  const header = readColumnsHeader(['n', 's', 'd', 'other'], '', definition, 1);
  return rowTableOf({ header, definition, day, crlf }) as RowTable;
}

const tables = { lf: tableFor(false), crlf: tableFor(true) };
const rows = '1,x,2026-11-23,\n-20,,0001-01-01,any\n300,é€😀,9999-12-31,é\n';

const texts: readonly [what: string, text: string | Uint8Array, rows: number | null][] = [
  ['rows', rows, 3],
  ['no row', '', 0],
  ['no last line end', rows.slice(0, -1), 3],
  ['CRLF', rows.replaceAll('\n', '\r\n'), 3],
  ['CRLF, and no last line end', rows.replaceAll('\n', '\r\n').slice(0, -2), null],
  ['CRLF, and a CR at the end', rows.replaceAll('\n', '\r\n').slice(0, -1), null],
  ['a character cut off by the end', Buffer.from(`${rows}4,x,2026-11-23,€`).subarray(0, -1), null],
  ['a quote', rows.replace('x', '"'), null],
  ['a CR', rows.replace('x', '\r'), null],
  ['a NUL', rows.replace('any', 'a\0y'), null],
  ['a row too short', `${rows}4,x,2026-11-23\n${rows}`, null],
  ['a row too wide', `${rows}4,x,2026-11-23,,\n${rows}`, null],
  ['a blank line', `${rows}\n${rows}`, null],
  ['a date that does not exist', `${rows}4,x,2026-11-31,\n${rows}`, null],
  ['a fraction', `${rows}4.5,x,2026-11-23,\n${rows}`, null],
  ['half a character', Buffer.from(`${rows}4,\xe9,2026-11-23,\n`, 'latin1'), null],
];

test.each(texts)('%s, in stretches and blocks of any size', async (_, text, expected) => {
  const bytes = Buffer.from(text);
  const path = join(await makeTempDir(), 'a.csv');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  const plan = tables[bytes.includes('\r\n') ? 'crlf' : 'lf'];
  for (let stretchBytes = 1; stretchBytes <= bytes.length + 2; stretchBytes += 1) {
    for (let blockBytes = 1; blockBytes <= bytes.length + 2; blockBytes += 1) {
      const tuning = { pooledFromBytes: 0, stretchBytes, blockBytes };
      const shared = new Int32Array(new SharedArrayBuffer(4 * control.places));
      const scan = { fd, plan, from: 0, to: bytes.length, control: shared, tuning };
      const found = scanStretches(scan, kernel, () => undefined);
      const wanted = expected === null ? { kind: 'odd' } : { kind: 'scanned', sums: expected };
      expect(found, `stretches of ${stretchBytes}, blocks of ${blockBytes}`).toEqual(wanted);
    }
  }
  closeSync(fd);
});

test('each of the four parts that are followed side by side is counted, and judged', () => {
  kernel.begin(tables.lf);
  const row = Buffer.from('1,x,2026-11-23,\n');
  const all = Buffer.concat(Array.from({ length: 100 }, () => row));
  kernel.buffer.set(all);
  expect(kernel.add(0, all.length)).toBe(1);
  expect(kernel.sums()).toBe(100);
  for (let at = 0; at < all.length; at += 1) {
    kernel.buffer.set(all);
    kernel.buffer[at] = 0x22;
    expect(kernel.add(0, all.length), `a quote at ${at}`).toBe(0);
  }
});

test('2,500 columns are few enough, and more states than a table has are too many', () => {
  const names = Array.from({ length: 2497 }, (_, at) => `x${at}`);
  const wide = readColumnsHeader(['n', 's', 'd', ...names], '', definition, 1);
  const crlf = false;
  kernel.begin(rowTableOf({ header: wide, definition, day, crlf }) as RowTable);
  const row = Buffer.from(`1,x,2026-11-23${',y'.repeat(2497)}\n`);
  kernel.buffer.set(row);
  expect(kernel.add(0, row.length)).toBe(1);
  const columns = Object.fromEntries(names.map((name) => [name, 'timestamp?']));
  const times = definitionOf({ columns, measures: { rows: 'count()' } });
  const header = readColumnsHeader(names, '', times, 1);
  expect(rowTableOf({ header, definition: times, day, crlf })).toBeNull();
});

describe('a check', () => {
  const text = `n,s,d,other\n${rows.repeat(200_000)}`;

  function openCheck(file?: URL) {
    const pool = new ThreadPool({ size: 2, ...(file && { file }) });
    onTestFinished(() => pool.close());
    return createPlainCheck(pool);
  }

  test('ends with the error of a thread that dies', async () => {
    const [file] = await writeFiles({ 'a.csv': text });
    if (file === undefined) throw new Error('no file');
    const check = openCheck(new URL('../../no-such-thread.js', import.meta.url));
    const { signal } = new AbortController();
    const checking = check(file, { day, definition, signal });
    await expect(checking).rejects.toThrow('a thread that reads raw files ended');
  });

  test('that is called off throws why, before and while it reads', async () => {
    const [file] = await writeFiles({ 'a.csv': text });
    if (file === undefined) throw new Error('no file');
    const check = openCheck();
    const stop = new AbortController();
    const reason = new Error('enough');
    const job = { day, definition, signal: stop.signal };
    await expect(check(file, { ...job, onBytes: () => stop.abort(reason) })).rejects.toBe(reason);
    await expect(check(file, job)).rejects.toBe(reason);
    const again = { ...job, signal: new AbortController().signal };
    expect(await check(file, again)).toMatchObject({ rows: 600_000 });
  });

  test('of a file that is gone finds nothing plain', async () => {
    const [file] = await writeFiles({ 'a.csv': text });
    if (file === undefined) throw new Error('no file');
    await rm(file.path);
    const { signal } = new AbortController();
    expect(await openCheck()(file, { day, definition, signal })).toBeNull();
  });
});
