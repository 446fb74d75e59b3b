import { describe, expect, it } from 'vitest';
import type { ShortSource } from '../../columns/job.js';
import { copied, problems, rows, typed, withChecksum, withDuckDb, written } from './day.js';

withDuckDb();

const source: ShortSource = {
  columns: { zone: 'text', seconds: 'integer' },
  by: ['zone'],
  measures: { n: 'count()', most: 'max(seconds)' },
};

const data = {
  zone: Array.from({ length: 3000 }, (_, at) => `zone ${at % 7}`),
  seconds: Array.from({ length: 3000 }, (_, at) => (at * 7919) % 3001),
};

const sound = () =>
  Buffer.from(
    written({
      columns: [
        { name: 'zone', data: data.zone, type: 'STRING' },
        { name: 'seconds', data: data.seconds, type: 'INT32' },
      ],
      codec: 'UNCOMPRESSED',
    }),
  );

const told = (bytes: Uint8Array) => problems({ 'a.parquet': bytes }, source);

/** Where the footer begins. */
const footerAt = (bytes: Buffer) => bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

describe('Parquet: files that are none, or not whole', () => {
  it.each([
    [
      Buffer.alloc(0),
      'the file is empty: a Parquet file without rows has a footer. Deliver it again',
    ],
    [
      Buffer.from('PAR1'),
      'the file is cut: it begins as Parquet, and does not end so. Deliver it again',
    ],
    [
      Buffer.from('PAR1PAR1'),
      'the file is cut: it begins as Parquet, and does not end so. Deliver it again',
    ],
    [
      Buffer.from('zone,seconds\nx,1\n'),
      'the file is not Parquet: it does not begin with PAR1, and looks like text. Name it after what it is, or deliver it again',
    ],
    [
      Buffer.from('1f8b080000', 'hex'),
      'the file is not Parquet: it does not begin with PAR1, and looks like gzip data. Name it after what it is, or deliver it again',
    ],
    [
      Buffer.from('0001020304', 'hex'),
      'the file is not Parquet: it does not begin with PAR1. Name it after what it is, or deliver it again',
    ],
  ])('%#', async (bytes, said) => {
    expect(await told(bytes)).toEqual([`a.parquet: ${said}`]);
  });

  it('says of a file that was cut anywhere that it is', async () => {
    const whole = sound();
    for (const length of [11, 100, footerAt(whole), whole.length - 9, whole.length - 1]) {
      expect(await told(whole.subarray(0, length)), `${length}`).toEqual([
        'a.parquet: the file is cut: it begins as Parquet, and does not end so. Deliver it again',
      ]);
    }
  });

  it('says of a file without its beginning that it is not Parquet', async () => {
    expect((await told(sound().subarray(100)))[0]).toMatch(/^a.parquet: the file is not Parquet: /);
  });

  it('says that a footer is damaged', async () => {
    const whole = sound();
    const longer = changed(whole, (copy) => copy.writeUInt32LE(copy.length, copy.length - 8));
    expect(await told(longer)).toEqual([
      'a.parquet: the footer of the file is damaged: it would be longer than the file. Deliver it again',
    ]);
    const nonsense = changed(whole, (copy) => copy.fill(0x5f, footerAt(copy), footerAt(copy) + 40));
    expect((await told(nonsense))[0]).toMatch(
      /^a.parquet: the footer of the file is damaged: it .*\. Deliver it again$/,
    );
    const pieces = Buffer.concat([whole.subarray(0, 2000), whole.subarray(2100)]);
    expect((await told(pieces))[0]).toMatch(/the file is damaged|cannot read it/);
  });

  it('says that a file is encrypted', async () => {
    const whole = sound();
    const marked = changed(whole, (copy) => copy.write('PARE', copy.length - 4));
    expect(await told(marked)).toEqual([
      'a.parquet: the file is encrypted, which Daymark cannot read; deliver it without encryption',
    ]);
  });

  it('reads files with their neighbours, and tells of each that is damaged', async () => {
    const files = {
      'a.parquet': sound(),
      'b.parquet': Buffer.alloc(0),
      'c.parquet': sound().subarray(0, 50),
    };
    expect((await problems(files, source)).map((each) => each.slice(0, 26))).toEqual([
      'b.parquet: the file is emp',
      'c.parquet: the file is cut',
    ]);
  });
});

describe('Parquet: pages', () => {
  it('are read with every codec', async () => {
    const select = "SELECT 'zone ' || range % 7 AS zone, range % 3000 AS seconds FROM range(3000)";
    for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']) {
      const files = await copied({ 'a.parquet': select }, `, COMPRESSION ${codec}`);
      expect(await rows(files, source), codec).toHaveLength(7);
    }
  });

  it('are refused in a codec that DuckDB does not have', async () => {
    // Of a column chunk: the codec, after the one name on the way to it.
    const name = Buffer.from('zone\x15');
    for (const [code, codec] of [
      [3, 'LZO'],
      [5, 'LZ4'],
      [9, 'an unknown codec'],
    ] as const) {
      const bytes = changed(sound(), (copy) => {
        copy[copy.lastIndexOf(name) + name.length] = code * 2;
      });
      expect(await told(bytes)).toEqual([
        `a.parquet, column "zone": this column is compressed with ${codec}, which cannot be read; write it with snappy, zstd, gzip, brotli, lz4_raw or none`,
      ]);
    }
  });

  it('are refused where they do not match their checksum', async () => {
    const values: ShortSource = { columns: { x: 'integer' }, measures: { sum: 'sum(x)' } };
    const bytes = withChecksum([1, 2, 300]);
    expect(await rows({ 'a.parquet': bytes }, values)).toEqual([': 303']);
    const flipped = changed(bytes, (copy) => copy.writeInt32LE(301, copy.indexOf(300 % 256)));
    expect(await problems({ 'a.parquet': flipped }, values)).toEqual([
      'a.parquet, column "x": the file is damaged: in this column, the page at byte 4 does not match its checksum. Deliver it again',
    ]);
  });

  it('are refused where they hold more or fewer values than the footer says', async () => {
    const values: ShortSource = { columns: { x: 'integer' }, measures: { sum: 'sum(x)' } };
    for (const count of [2, 4]) {
      expect(
        (await problems({ 'a.parquet': withChecksum([1, 2, 300], count) }, values))[0],
      ).toMatch(/^a.parquet, column "x": the file is damaged: in this column, /);
    }
  });

  it('are refused where DuckDB cannot decompress them', async () => {
    const noise =
      "SELECT 'x' AS zone, (hash(range) % 1000000)::INTEGER AS seconds FROM range(3000)";
    const { 'a.parquet': whole } = await copied({ 'a.parquet': noise }, ', COMPRESSION gzip');
    const bytes = changed(Buffer.from(whole ?? ''), (copy) => {
      copy.fill(0xff, footerAt(copy) >> 1, (footerAt(copy) >> 1) + 40);
    });
    const [said] = await told(bytes);
    expect(said).toMatch(
      /^a.parquet, column "seconds": the file is damaged, or not as the Parquet format says: DuckDB cannot read it \(.+\)\. Write it again$/,
    );
    expect(said).not.toContain('/tmp');
  });

  it('are refused where a text is not UTF-8', async () => {
    const bytes = changed(sound(), (copy) => {
      copy[copy.indexOf('zone 3') + 1] = 0xff;
    });
    expect((await told(bytes))[0]).toMatch(/^a.parquet, column "zone": .*UTF8/);
  });
});

describe('Parquet: what a footer says of values', () => {
  it('is not believed: nulls that it denies are found', async () => {
    const file = Buffer.from(typed({ type: 'INT64' }, [0x1111n, null, 0x4444_4444_4444_4444n]));
    // The count of nulls, before the largest value.
    const at = file.lastIndexOf(Buffer.from('3c36022808', 'hex'));
    expect(at).toBeGreaterThan(0);
    const lying = changed(file, (copy) => copy.writeUInt8(0, at + 2));
    const values: ShortSource = {
      columns: { x: 'integer' },
      by: ['x'],
      measures: { n: 'count()' },
    };
    expect((await problems({ 'a.parquet': lying }, values))[0]).toMatch(
      /^a.parquet, row 2, column "x": it is empty/,
    );
    const nullable = { ...values, columns: { x: 'integer?' } };
    expect(await rows({ 'a.parquet': lying }, nullable)).toEqual([
      ': 1',
      '4369: 1',
      '4919131752989213764: 1',
    ]);
  });

  it('is not believed: a largest value that is smaller', async () => {
    const file = Buffer.from(typed({ type: 'INT64' }, [1n, 2n, 0x4444_4444_4444_4444n]));
    const largest = Buffer.from(`2808${'44'.repeat(8)}`, 'hex');
    const lying = changed(file, (copy) => copy.writeBigInt64LE(2n, copy.lastIndexOf(largest) + 2));
    const values: ShortSource = {
      columns: { x: 'integer' },
      by: ['x'],
      measures: { most: 'max(x)' },
    };
    expect(await rows({ 'a.parquet': lying }, values)).toEqual([
      '1: 1',
      '2: 2',
      '4919131752989213764: 4919131752989213764',
    ]);
  });
});
