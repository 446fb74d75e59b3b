import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readRows } from '../../src/engine/csv/csv-file.js';
import { RowReader } from '../../src/engine/csv/row-reader.js';
import { ProblemLog } from '../../src/engine/problems.js';
import { Tally } from '../../src/engine/tally.js';
import { plainCsv } from '../../src/model/file-form.js';
import { seed } from '../support/counted.js';
import { jobOver } from './job.js';

/** Everything that comes of a file that arrives in these chunks. */
async function read(chunks: Iterable<Buffer>) {
  const tally = new Tally(seed);
  const log = new ProblemLog();
  const file = { name: 'a.csv', form: plainCsv };
  const fault = await readRows(chunks, file, new RowReader('a.csv', jobOver([]), tally, log));
  const { records: orders } = tally;
  const { first, count, stoppedAt } = log;
  return {
    orders,
    rows: await tally.rows(),
    found: first,
    count,
    stoppedAt,
    fault: fault?.problems,
  };
}

function* cutEvery(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const h = 'order_hour_of_day';
const texts: [what: string, bytes: Buffer][] = [
  ['a plain file', Buffer.from(`${h},x\n5,1\n6,2\n`)],
  [
    'a byte order mark, CRLF and quotes',
    Buffer.from(`\ufeff"${h}","a ""b"",\r\nc"\r\n"5","1"\r\n6,2`),
  ],
  ['characters of every length', Buffer.from(`${h},aé€😀,😀€éa\n5,1,2\n`)],
  ['several byte order marks', Buffer.from(`\ufeff\ufeff\ufeff${h},\ufeffx\n5,1\n`)],
  ['half a byte order mark after another', Buffer.from(`\ufeff\ufeff`).subarray(0, 5)],
  [
    'empty lines',
    Buffer.from(`\ufeff\n\r\n${h},x,y\r\n\r\n\n5,a,1\n\n"6","1\n\n",1\n\n\r\n7,b,1\n\n`),
  ],
  ['empty lines before a broken quote', Buffer.from(`${h},x\n\n5,a\n\n\r\n5,"1"2\n`)],
  ['empty lines before a NUL', Buffer.from(`${h},x\n\n5,a\n\n\r\n5,\0\n`)],
  ['rows that go wrong', Buffer.from(`${h},x,y\n5,"a\r\n\r\nb",1\n5,1\n\n24,c,1\n`)],
  ['text after a closing quote', Buffer.from(`${h},x\n5,a\n5,"1"2\n5,b\n`)],
  ['a quote inside a field', Buffer.from(`${h},x\n5,a\n5,1"\n5,\0\n`)],
  ['a quote inside a field, right before a NUL', Buffer.from(`${h},x\n5,a\n5,1"\0\n`)],
  ['a quote that is never closed', Buffer.from(`${h},x\n5,a\n5,"1\n5,2\n`)],
  ['Latin-1 at the start of a row', Buffer.from(`${h},x\n5,a\né,1\n`, 'latin1')],
  ['Latin-1 within quotes', Buffer.from(`${h},x\n5,"a"\n5,"1é"\n`, 'latin1')],
  ['Latin-1 after a bad cell of its row', Buffer.from(`${h},x,y\n5,a,1\n5,b,é\n`, 'latin1')],
  ['a character cut off by the end', Buffer.from(`${h},x\n5,1\n5,€`).subarray(0, -1)],
  ['a lone CR', Buffer.from(`${h},x\n5,a\n5,1\r5,2\n`)],
  ['a lone CR before Latin-1', Buffer.from(`${h},x\n5,1\ré`, 'latin1')],
  ['a lone CR at the end', Buffer.from(`${h},x\n5,1\r`)],
  ['a CR within quotes', Buffer.from(`${h},"a\rb"\n5,"1"\n`)],
  ['a header twice', Buffer.from(`${h},x,x\n5,1,1\n5,\0`)],
  ['UTF-16', Buffer.from(`\ufeff${h}\n`, 'utf16le')],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0])],
  ['nothing', Buffer.alloc(0)],
  ['a byte order mark alone', Buffer.from('\ufeff')],
  ['two bytes', Buffer.from('x\n')],
];

describe.each(texts)('a file with %s reads the same', (_, bytes) => {
  test('in chunks of any size', async () => {
    const whole = await read([bytes]);
    for (let size = 1; size < bytes.length; size += 1) {
      expect(await read(cutEvery(bytes, size)), `chunks of ${size}`).toEqual(whole);
    }
  });

  test('cut in two at any byte', async () => {
    const whole = await read([bytes]);
    for (let at = 0; at <= bytes.length; at += 1) {
      const halves = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(await read(halves), `cut at ${at}`).toEqual(whole);
    }
  });
});

test('reading stops at the same problem, wherever it is cut', async () => {
  const cells = `5,${'a,'.repeat(98)}b\n`;
  const names = Array.from({ length: 99 }, (_, index) => `x${index}`);
  const bytes = Buffer.from(`${h},${names}\n${cells.repeat(110)}5,"1"2\n5,\0`);
  const whole = await read([bytes]);
  expect(whole).toMatchObject({ count: 10_000, stoppedAt: { file: 'a.csv', line: 103 } });
  for (const size of [1, 7, 200, 4096, 20_500]) {
    expect(await read(cutEvery(bytes, size)), `chunks of ${size}`).toEqual(whole);
  }
});

test('a row of another width costs no error of csv-parse', async () => {
  const stacks = vi.spyOn(Error, 'captureStackTrace');
  onTestFinished(() => stacks.mockRestore());
  const bytes = Buffer.from(`${h},x\n${'5\n5,1\n5,1,\n'.repeat(500)}5`);
  expect(await read(cutEvery(bytes, 100))).toMatchObject({ orders: 500, count: 1001 });
  expect(stacks).not.toHaveBeenCalled();
});

test('a row of one mebibyte is the longest, wherever it is cut', async () => {
  const start = `order_id,${h}\n`;
  const row = (length: number) => `${'a'.repeat(length - 3)},5\n`.slice(0, length);
  const longest = Buffer.from(`${start}${row(1_048_576)}b,6\n`);
  const longer = Buffer.from(`${start}${row(1_048_577)}b,6\n`);
  for (const size of [1_000_000, 65_536, 2_000_000]) {
    expect(await read(cutEvery(longest, size))).toMatchObject({ orders: 2, count: 0 });
    expect(await read(cutEvery(longer, size))).toMatchObject({ orders: 0, fault: [{ line: 2 }] });
  }
});
