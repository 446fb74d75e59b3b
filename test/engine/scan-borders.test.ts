/**
 * Every border at every byte: with stretches and blocks of any size, both kernels find in a text what they
 * find in it uncut. Without threads, so that there is time for all.
 */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ByteKernel } from '../../src/engine/scan/kernel/byte-kernel.js';
import { type Kernel, longestLineBytes } from '../../src/engine/scan/kernel/kernel.js';
import { createWasmKernel } from '../../src/engine/scan/kernel/wasm-kernel.js';
import { LineFeeder } from '../../src/engine/scan/line-feeder.js';
import { control, scanStretches } from '../../src/engine/scan/stretch.js';
import { type OpenedTable, openTable } from '../../src/engine/scan/table.js';
import type { Day } from '../../src/model/day.js';
import { seed } from '../support/counted.js';
import { makeTempDir } from '../support/temp-dir.js';
import { h } from './words.js';

const job = { day: '3' as Day, definition: seed };
const bufferBytes = longestLineBytes + 1024;
const kernels: readonly [name: string, kernel: Kernel][] = [
  ['wasm', createWasmKernel(bufferBytes) as Kernel],
  ['bytes', new ByteKernel(bufferBytes)],
];

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const header = `order_id,${h},x,y\n`;
const rows = (cell: string) => `1,05,1,0\n2,6,${cell},12\n3,7,,9\n`;

/** What may lie across a border: in an ignored cell, in a count, at an end. */
const texts: readonly [what: string, text: string | Uint8Array, odd: boolean][] = [
  ['rows', `${header}${rows('3')}`, false],
  ['CRLF', `${header}${rows('3')}`.replaceAll('\n', '\r\n'), false],
  ['a byte order mark', `\ufeff${header}${rows('3')}`, false],
  ['no last line end', `${header}${rows('3')}4,8,1,1`, false],
  ['a CR without LF at the end', `${header}${rows('3')}4,8,1,1\r`, true],
  ['characters of two, three and four bytes', `${header}é€😀,05,1,0\n${rows('3')}`, false],
  ['a character cut off by the end', Buffer.from(`${header}${rows('3')}€`).subarray(0, -1), true],
  ['half a character', Buffer.from(`${header}\u00e9,1,1,1\n${rows('3')}`, 'latin1'), true],
  ['a byte order mark in a row', `${header}\ufeff,05,1,0\n${rows('3')}`, false],
  ['a quote in a count', `${header}${rows('"3"')}`, true],
  ['a quoted line end', `${header}"a\nb",05,1,0\n${rows('3')}`, true],
  ['a quoted name', `order_id,"${h}","x, y",y\n${rows('3')}`, false],
  ['a lone CR', `${header}${rows('3\r')}`, true],
  ['an empty line', `${header}${rows('3')}\n${rows('3')}`, false],
  ['empty lines at both ends', `${header}\n\r\n${rows('3')}\r\n\n`, false],
  ['a line of blanks', `${header}${rows('3')} \n${rows('3')}`, true],
  ['a line that is a CR', `${header}${rows('3')}\r\r\n${rows('3')}`, true],
  ['a NUL', `${header}${rows('3\0')}`, true],
  ['a sixteenth digit', `${header}${rows('1234567890123456')}`, true],
  ['fifteen digits', `${header}${rows('123456789012345')}`, false],
  ['a row too wide', `${header}${rows('3,4')}`, true],
  ['a row too short', `${header}1,5,1\n${rows('3')}`, true],
  ['no row', header, false],
];

describe.each(texts)('%s', (_, text, odd) => {
  const bytes = Buffer.from(text);

  async function opened(size = bytes.length): Promise<OpenedTable> {
    const table = await openTable(piecesOf(bytes, size), job);
    if (table === null) throw new Error('the header is odd');
    return table;
  }

  async function fileOf(): Promise<{ readonly path: string; readonly table: OpenedTable }> {
    const path = join(await makeTempDir(), 'a.csv');
    writeFileSync(path, bytes);
    return { path, table: await opened() };
  }

  test('its header, in pieces of any size', async () => {
    const { rest: _rest, ...whole } = await opened();
    for (let size = 1; size < bytes.length; size += 1) {
      const { rest, ...table } = await opened(size);
      expect(table, `pieces of ${size}`).toEqual(whole);
      expect(bytes.subarray(table.rowsAt).subarray(0, rest.length)).toEqual(Buffer.from(rest));
    }
  });

  test.each(kernels)(
    'its rows, in stretches and blocks of any size (%s)',
    async (_name, kernel) => {
      const { path, table } = await fileOf();
      const fd = openSync(path, 'r');
      const scan = (stretchBytes: number, blockBytes: number) => {
        const tuning = { pooledFromBytes: 0, stretchBytes, blockBytes };
        const shared = new Int32Array(new SharedArrayBuffer(4 * control.places));
        const plan = { fd, plan: table.plan, from: table.rowsAt, to: bytes.length };
        return scanStretches({ ...plan, control: shared, tuning }, kernel, () => undefined);
      };
      const whole = scan(4096, 4096);
      expect(whole.kind).toBe(odd ? 'odd' : 'scanned');
      const most = bytes.length - table.rowsAt + 2;
      for (let stretchBytes = 1; stretchBytes <= most; stretchBytes += 1) {
        for (let blockBytes = 1; blockBytes <= most; blockBytes += 1) {
          const cut = scan(stretchBytes, blockBytes);
          expect(cut, `stretches of ${stretchBytes}, blocks of ${blockBytes}`).toEqual(whole);
        }
      }
      closeSync(fd);
    },
  );

  test.each(kernels)('its rows, cut into three at any two bytes (%s)', async (_name, kernel) => {
    const { plan, rowsAt } = await opened();
    const text = bytes.subarray(rowsAt);
    const read = (...cuts: number[]) => {
      kernel.begin(plan);
      const feeder = new LineFeeder(kernel);
      let from = 0;
      for (const to of [...cuts, text.length]) {
        const piece = text.subarray(from, to);
        if (piece.length > 0) feeder.room(piece.length).set(piece);
        if (piece.length > 0 && feeder.take(piece.length) === 'odd') return 'odd';
        from = to;
      }
      return feeder.finish() === 'odd' ? 'odd' : kernel.sums();
    };
    const whole = read();
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        expect(read(first, second), `cut at ${first} and ${second}`).toEqual(whole);
      }
    }
  });
});

test.each(kernels)(
  'a stretch in the midst of one long line reads no further than itself (%s)',
  async (_, kernel) => {
    const path = join(await makeTempDir(), 'a.csv');
    const from = header.length;
    writeFileSync(path, `${header}${'1'.repeat(3_000_000)}`);
    const table = (await openTable(piecesOf(Buffer.from(header), 4096), job)) as OpenedTable;
    const fd = openSync(path, 'r');
    const shared = new Int32Array(new SharedArrayBuffer(4 * control.places));
    // All but the first stretch, which alone would see that the line is too long.
    shared[control.nextStretch] = 1;
    const tuning = { pooledFromBytes: 0, stretchBytes: 100, blockBytes: 100 };
    const scan = { fd, plan: table.plan, from, to: from + 3_000_000, control: shared, tuning };
    expect(scanStretches(scan, kernel, () => undefined)).toMatchObject({ kind: 'scanned' });
    closeSync(fd);
  },
);
