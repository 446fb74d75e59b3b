/** Days of more rows than a page, a block or a call has room for. */
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { pageBytes } from '../../src/core/browse-rows.js';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { eventually } from '../support/eventually.js';
import { startService, type TestService } from './support.js';

const header = 'day_of_week,hour_of_day,category,items_count\n';
const perHour = 6_000;
const [rowsPerDay, blockBytes] = [24 * perHour, 1 << 16];
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const longName = 'x'.repeat(40);
const nameOf = (index: number) => `${longName} ${String(index).padStart(5, '0')}`;

/** More than can be handed to a function as arguments. */
function dayText(day: string, lineEnd = '\n'): string {
  const rows = hours.flatMap((hour) =>
    Array.from({ length: perHour }, (_, index) => `${day},${hour},${nameOf(index)},1${lineEnd}`),
  );
  return rows.join('');
}

interface Counted {
  readonly disk: Disk;
  /** Of the output, since it was last asked. */
  bytesRead(): number;
  /** How long each read takes at least. */
  delayMs: number;
}

function countingDisk(): Counted {
  let count = 0;
  const counted: Counted = {
    delayMs: 0,
    bytesRead: () => {
      const sofar = count;
      count = 0;
      return sofar;
    },
    disk: {
      ...nodeDisk,
      open: async (path) => {
        const file = await nodeDisk.open(path);
        if (!path.endsWith('orders.csv')) return file;
        const read: typeof file.read = async (buffer, position) => {
          if (counted.delayMs > 0) await sleep(counted.delayMs);
          const got = await file.read(buffer, position);
          count += got;
          return got;
        };
        return { ...file, read };
      },
    },
  };
  return counted;
}

async function startLarge(disk?: Disk, lineEnd = '\n'): Promise<TestService> {
  const service = await startService(disk === undefined ? {} : { disk });
  const text = `${header.replace('\n', lineEnd)}${dayText('1', lineEnd)}`;
  await writeFile(service.outputFile, text);
  await service.http.get('/v1/checkpoint').expect(200);
  return service;
}

interface Walked {
  readonly rows: {
    readonly day_of_week: string;
    readonly hour_of_day: number;
    readonly category: string;
  }[];
  readonly sizes: number[];
}

async function walk(
  { http }: TestService,
  query: string,
  onPage = () => {},
  from: string | null = '',
): Promise<Walked> {
  const walked: Walked = { rows: [], sizes: [] };
  let cursor = from;
  while (cursor !== null) {
    const { body }: { body: Walked & { nextCursor: string | null } } = await http
      .get(`/v1/output?${query}${cursor && `&cursor=${cursor}`}`)
      .expect(200);
    for (const row of body.rows) walked.rows.push(row);
    walked.sizes.push(body.rows.length);
    cursor = body.nextCursor;
    onPage();
  }
  return walked;
}

it('a day of 144,000 rows is read in pages, each from where the last one ended', async () => {
  const { disk, bytesRead } = countingDisk();
  const service = await startLarge(disk);
  bytesRead();
  const shares: number[] = [];
  const { rows } = await walk(service, 'day=1&limit=10000', () => shares.push(bytesRead()));
  expect(rows).toHaveLength(rowsPerDay);
  for (const [index, row] of rows.entries()) {
    const wanted = {
      day: '1',
      hour_of_day: Math.floor(index / perHour),
      category: nameOf(index % perHour),
    };
    if (row.hour_of_day !== wanted.hour_of_day || row.category !== wanted.category)
      expect(row).toEqual(wanted);
  }
  // A page takes its rows, the row before them once more, and blocks that it does not use up.
  const pageOfRows = 10_000 * `1,23,${nameOf(0)},1\n`.length;
  expect(Math.max(...shares)).toBeLessThan(pageOfRows + 3 * blockBytes);
}, 120_000);

it.each([
  ['of a filter that lets nothing through', `category=nothing`, 0],
  [
    'of a filter that lets one row of each hour through',
    `category=${encodeURIComponent(nameOf(0))}`,
    24,
  ],
])(
  'a page %s reads a share of the output, and says where to go on',
  async (_, query, count) => {
    const { disk, bytesRead } = countingDisk();
    const service = await startLarge(disk);
    bytesRead();
    const shares: number[] = [];
    const { rows, sizes } = await walk(service, query, () => shares.push(bytesRead()));
    expect(rows).toHaveLength(count);
    expect(
      new Set(rows.map(({ day_of_week: day, hour_of_day: hour }) => `${day} ${hour}`)).size,
    ).toBe(count);
    expect(sizes.length).toBeGreaterThan(1);
    const least = (await stat(service.outputFile)).size / pageBytes;
    expect(sizes.length).toBeLessThanOrEqual(Math.ceil(least) + 1);
    expect(Math.max(...shares)).toBeLessThan(pageBytes + 3 * blockBytes);
  },
  120_000,
);

it('reading stops when the client goes away', async () => {
  const counted = countingDisk();
  const { address, http } = await startLarge(counted.disk);
  counted.bytesRead();
  counted.delayMs = 50;
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write('GET /v1/output?category=nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
  let read = 0;
  await eventually(async () => {
    read += counted.bytesRead();
    expect(read).toBeGreaterThan(0);
  });
  socket.destroy();
  await http.get('/health/live').expect(200);
  // Whatever was under way by then ends; of the share of a page most is left.
  await sleep(500);
  read += counted.bytesRead();
  await sleep(500);
  expect(counted.bytesRead()).toBe(0);
  expect(read).toBeLessThan(pageBytes / 2);
}, 60_000);

it('others are served between any two blocks, also where all rows are in memory', async () => {
  // Another line end: what is read is the canonical form, which is nowhere but in memory.
  const { service } = await startLarge(undefined, '\r\n');
  let turns = 0;
  let reading = true;
  const counting = (async () => {
    while (reading) {
      await nextTurn();
      turns += 1;
    }
  })();
  await service.controlPlane.survey();
  const before = turns;
  const filter = {
    ...{ day: null, from: null, to: null, keys: new Map([[1, 'nothing']]) },
    ...{ limit: 10, behind: null },
  };
  const { rows, next } = await service.controlPlane.rows(
    () => filter,
    new AbortController().signal,
  );
  const after = turns;
  reading = false;
  await counting;
  expect([rows, next === null]).toEqual([[], false]);
  expect(after - before).toBeGreaterThan(pageBytes / blockBytes - 2);
}, 60_000);

it('a cursor into a day that was replaced meanwhile tells no row twice and leaves none out', async () => {
  const service = await startService();
  const days = (categories: readonly string[]) =>
    categories.map((category) => `0,5,${category},1\n`).join('');
  const first = Array.from({ length: 6 }, (_, index) => `c${index}`);
  await writeFile(service.outputFile, `${header}${days(first)}1,1,z,1\n`);
  const { body } = await service.http.get('/v1/output?limit=4').expect(200);
  // More rows before it than there were, each longer, so that nothing lies where it lay.
  const grown = Array.from(
    { length: 100_000 },
    (_, index) => `b${String(index).padStart(50, '0')}`,
  );
  await writeFile(service.outputFile, `${header}${days(grown)}${days([...first, 'c9'])}1,1,z,1\n`);
  const { rows, sizes } = await walk(service, 'limit=4', () => {}, body.nextCursor);
  expect(rows.map(({ category }) => category)).toEqual(['c4', 'c5', 'c9', 'z']);
  expect(sizes[0]).toBe(0);
}, 60_000);

it.each([
  '🥛', // Cut in the middle of a pair.
  '! ', // In order before the hash that stands for the rest.
])(
  'categories of %j too long for a URL lead from page to page, also where their day was replaced',
  async (filler) => {
    const service = await startService();
    // They begin alike, and are in order.
    const long = Array.from({ length: 9 }, (_, index) => `m${filler.repeat(5_000)}${index}`);
    const categories = ['a', ...long, 'z'];
    const days = (of: readonly string[]) => of.map((category) => `0,5,${category},1\n`).join('');
    await writeFile(service.outputFile, header + days(categories));
    const { rows } = await walk(service, 'limit=2');
    expect(rows.map(({ category }) => category)).toEqual(categories);

    const { body } = await service.http.get('/v1/output?limit=4').expect(200);
    // Its row is gone, and nothing lies where it lay: those that begin like it are told, rather twice than not at all.
    const left = ['b', ...categories.filter((category) => category !== long[2])];
    await writeFile(service.outputFile, header + days(left));
    const behind = await walk(service, 'limit=4', () => {}, body.nextCursor);
    const expected = left.slice(left.indexOf(long[0] as string));
    expect(behind.rows.map(({ category }) => category)).toEqual(expected);
  },
  60_000,
);

it.each([
  ['with a place where no row begins', ['0', ['5', 'c1'], 11, null], ['c2', 'c3']],
  ['with a place beyond the day', ['0', ['5', 'c1'], 1_000_000, null], ['c2', 'c3']],
  ['with the place of another row', ['0', ['5', 'c1'], 0, null], ['c2', 'c3']],
])('a cursor %s goes on behind its row', async (_, parts, wanted) => {
  const service = await startService();
  const rows = ['c0', 'c1', 'c2', 'c3'].map((category) => `0,5,${category},1\n`).join('');
  await writeFile(service.outputFile, header + rows);
  const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url');
  const { body } = await service.http.get(`/v1/output?cursor=${cursor}`).expect(200);
  expect(body.rows.map(({ category }: { category: string }) => category)).toEqual(wanted);
});

it('the file is handed over no faster than the client takes it', async () => {
  const service = await startService();
  // Far more than what sockets hold between them.
  const long = 'y'.repeat(1_000);
  const rows = Array.from({ length: 40_000 }, (_, index) => `1,5,${long}${100_000 + index},1\n`);
  const text = header + rows.join('');
  await writeFile(service.outputFile, text);
  await service.http.get('/v1/checkpoint').expect(200);
  const written: (() => number)[] = [];
  service.service.app.server.on('connection', (socket) => {
    written.push(() => socket.bytesWritten + socket.writableLength);
  });
  const { hostname, port } = new URL(service.address);
  const client = connect({ port: Number(port), host: hostname });
  client.pause();
  await once(client, 'connect');
  client.write(
    'GET /v1/output HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\nConnection: close\r\n\r\n',
  );
  await eventually(async () => expect(written.at(-1)?.()).toBeGreaterThan(0));
  await sleep(1_000);
  expect(written.at(-1)?.()).toBeLessThan(text.length / 2);
  const blocks: Buffer[] = [];
  client.on('data', (block: Buffer) => blocks.push(block));
  client.resume();
  await once(client, 'end');
  const answer = Buffer.concat(blocks).toString();
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4) === text).toBe(true);
}, 60_000);
