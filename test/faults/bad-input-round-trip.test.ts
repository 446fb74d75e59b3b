/** Categories that other programs take for formulas, separators or line ends, from raw file to answer. */
import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/service.js';
import { parseCsv } from './bad-input-oracle.js';

/** Spreadsheets run what begins with these. */
const formulas = [
  '=1+1',
  '=SUM(A1:A9)',
  '=cmd|"/c calc"!A0',
  '+1',
  '-1',
  '@SUM(1)',
  '=LINK("a,b")',
];
const separators = [
  'a,b',
  ',',
  '""',
  '"',
  'say "hi"',
  "'quoted",
  ';',
  '|',
  '\tindented',
  '\\N',
  '\\',
];
const lineEnds = ['two\nlines', 'two\r\nlines', 'lone\rcr', '\r=1', '\n=1', 'a\u2028b'];
const blanks = [' outer blanks ', '\u00a0x', '\ufeffx', 'x\u200by', '\u202eabc'];
const words = [
  'null',
  'NaN',
  '0',
  '1e3',
  '2026-11-23',
  '__proto__',
  'constructor',
  '#REF!',
  '%s%n',
];
const markup = ['<b>', '&amp;', '{x}', 'a'.repeat(1_000)];
const scripts = ['é', 'e\u0301', '日本', '\ud83d\ude00', '\uff5e'];
const categories = [formulas, separators, lineEnds, blanks, words, markup, scripts].flat();
const itemsOf = new Map(categories.map((category, index) => [category, index + 1]));

const inQuotes = (text: string) => `"${text.replaceAll('"', '""')}"`;
const header = ['order_hour_of_day', ...categories].map(inQuotes).join(',');
const raw = `${header}\n7,${[...itemsOf.values()].join(',')}\n`;

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const inOrder = [...categories].sort(byBytes);
const expected = inOrder.map((category) => ['3', 7, category, itemsOf.get(category)]);

interface RowAnswer {
  readonly day_of_week: string;
  readonly hour_of_day: number;
  readonly category: string;
  readonly items_count: number;
}

const cells = ({ day_of_week, hour_of_day, category, items_count }: RowAnswer) => [
  ...[day_of_week, hour_of_day, category, items_count],
];

async function checkAnswers(service: TestService): Promise<void> {
  const { body } = await service.get('/v1/output?limit=10000');
  expect(body.rows.map(cells)).toEqual(expected);

  const csv = await service.call('GET', '/v1/output', undefined, { accept: 'text/csv' });
  expect(csv.body).toBe(await service.output());
  const [head, ...rows] = parseCsv(csv.body) ?? [];
  expect(head).toEqual(['day_of_week', 'hour_of_day', 'category', 'items_count']);
  expect(rows).toEqual(expected.map((row) => row.map(String)));
}

it('has each of them once', () => {
  expect(new Set(categories).size).toBe(categories.length);
});

it.each(['csv', 'scan'])('with the engine %s they come out as they went in', async (engine) => {
  const service = await startTestService({ env: { DAYMARK_ENGINE: engine } });
  await service.land('3', raw);
  expect((await service.run()).body).toMatchObject({ status: 'succeeded' });
  await checkAnswers(service);
});

it('they are found by name, and page by page', async () => {
  const service = await startTestService();
  await service.land('3', raw);
  await service.run();
  for (const category of categories) {
    const { body } = await service.get(`/v1/output?category=${encodeURIComponent(category)}`);
    expect(body.rows.map(cells)).toEqual([['3', 7, category, itemsOf.get(category)]]);
  }
  const paged: unknown[] = [];
  let cursor = '';
  do {
    const { body } = await service.get(`/v1/output?limit=7${cursor}`);
    paged.push(...body.rows.map(cells));
    cursor = body.nextCursor === null ? '' : `&cursor=${encodeURIComponent(body.nextCursor)}`;
  } while (cursor !== '' && paged.length <= categories.length);
  expect(paged).toEqual(expected);
});

it('they are read back from a file without a ledger, by a service that never saw them', async () => {
  const first = await startTestService();
  await first.land('3', raw);
  await first.run();
  const before = await first.output();
  await first.stop();
  await rm(first.folder.root, { recursive: true });
  const next = await startTestService({ root: first.root });
  expect((await next.get('/v1/days/3')).body).toMatchObject({ state: 'unverified' });
  const { status, days } = (await next.run()).body;
  expect([status, days[0].outcome]).toEqual(['succeeded', 'unchanged']);
  expect(await next.output()).toBe(before);
  await checkAnswers(next);
});
