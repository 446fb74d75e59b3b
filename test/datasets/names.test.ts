/** A dataset of columns: its rows and totals are told by the names that its definition gives them. */
import { expect, it } from 'vitest';
import { makePlace } from '../cli/daymark.js';
import { inBrowser, useBrowser } from '../dashboard/browser.js';
import { definitionOf } from '../engine/columns/job.js';
import { startSeveral } from '../support/several.js';

const definition = definitionOf({
  dayKind: 'date',
  dayName: 'on',
  columns: { zone: 'text?', night: 'boolean', fare: 'decimal(12,2)?', seconds: 'integer' },
  by: ['zone', 'night'],
  measures: {
    trips: 'count()',
    fare: 'sum(fare)',
    seconds: 'sum(seconds)',
    longest: 'max(seconds)',
  },
});

const raw = {
  '2026-11-23': [
    'north,true,1.50,60',
    'north,true,2.25,9007199254740993',
    ',false,,5',
    '"a, b",false,7,1',
  ],
  '2026-11-24': ['south,true,0.1,9'],
};

const rows = [
  {
    ...{ on: '2026-11-23', zone: null, night: false, trips: 1 },
    ...{ fare: null, seconds: 5, longest: 5 },
  },
  {
    ...{ on: '2026-11-23', zone: 'a, b', night: false, trips: 1 },
    ...{ fare: '7.00', seconds: 1, longest: 1 },
  },
  {
    ...{ on: '2026-11-23', zone: 'north', night: true, trips: 2 },
    ...{ fare: '3.75', seconds: '9007199254741053', longest: '9007199254740993' },
  },
  {
    ...{ on: '2026-11-24', zone: 'south', night: true, trips: 1 },
    ...{ fare: '0.10', seconds: 9, longest: 9 },
  },
];
const totals = { trips: 4, fare: '10.75', seconds: '9007199254741059' };

async function startTrips() {
  const service = await startSeveral({
    datasets: { orders: {}, trips: { layout: 'date', engine: 'csv', definition } },
    prepare: async ({ land }) => {
      await land('orders', '0', [[8, { milk: 3 }]]);
      for (const [day, lines] of Object.entries(raw))
        await land('trips', day, `zone,night,fare,seconds\n${lines.join('\n')}\n`);
    },
  });
  const { status, body } = await service.run('trips');
  expect(status, JSON.stringify(body)).toBe(200);
  return service;
}

it('gives rows by the names of its columns, each cell as its type has it', async () => {
  const { http } = await startTrips();
  const { body } = await http.get('/v1/datasets/trips/output').expect(200);
  expect(body).toEqual({ rows, nextCursor: null });
});

it('filters by its own keys and days, and refuses what is no key or no such cell', async () => {
  const { http } = await startTrips();
  const get = (query: string) => http.get(`/v1/datasets/trips/output?${query}`);
  for (const [query, found] of [
    ['night=true', rows.slice(2)],
    ['zone=a,%20b', rows.slice(1, 2)],
    ['zone=', rows.slice(0, 1)],
    ['from=2026-11-24', rows.slice(3)],
    ['to=2026-11-23&night=true', rows.slice(2, 3)],
  ] as const) {
    expect((await get(query).expect(200)).body.rows, query).toEqual(found);
  }
  const csv = await get('night=true').accept('text/csv').expect(200);
  expect(csv.text).toBe(
    [
      'on,zone,night,trips,fare,seconds,longest',
      '2026-11-23,north,true,2,3.75,9007199254741053,9007199254740993',
      '2026-11-24,south,true,1,0.10,9,9\n',
    ].join('\n'),
  );
  for (const [query, at] of [
    ['category=milk', 'category'],
    ['fare=7.00', 'fare'],
    ['night=maybe', 'night'],
    ['from=1', 'from'],
  ] as const) {
    expect((await get(query).expect(400)).body.errors, query).toMatchObject([{ at }]);
  }
  const unknown = await get('hour=8').expect(400);
  expect(unknown.body.detail).toContain('known: day, from, to, zone, night, limit, cursor');
});

it('adds up the measures that may be added up, in days, runs and receipts', async () => {
  const { http, run, land } = await startTrips();
  const days = (await http.get('/v1/datasets/trips/days').expect(200)).body.days;
  expect(days[0]).toMatchObject({ commit: { records: 4 }, output: { rows: 3, totals } });
  const ofOne = { trips: 1, fare: '0.1', seconds: 9 };
  const receipt = await http.get('/v1/datasets/trips/days/2026-11-24/receipt').expect(200);
  expect(receipt.body).toMatchObject({ records: 1, rows: 1, totals: ofOne });

  await land('trips', '2026-11-24', 'zone,night,fare,seconds\nsouth,true,0.1,9\nsouth,true,,1\n');
  const { body } = await run('trips', { dryRun: true });
  expect(body.days).toMatchObject([
    {
      ...{ day: '2026-11-24', records: 2, rows: 1 },
      difference: {
        rowsChanged: 1,
        totalsBefore: ofOne,
        totalsAfter: { trips: 2, fare: '0.1', seconds: 10 },
      },
    },
  ]);
  expect(body.summary).toMatchObject({
    records: 2,
    totals: { trips: 2, fare: '0.1', seconds: 10 },
  });
  const orders = await run('orders');
  expect(orders.body.days).toMatchObject([{ records: 1, totals: { items_count: 3 } }]);
});

it('is listed by its first measure on the command line', async () => {
  const { url } = await startTrips();
  const place = await makePlace({ DAYMARK_URL: url, DAYMARK_DATASET: 'trips' });
  const days = await place.command('days');
  expect(days.stdout).toMatch(/^DAY +STATE +FILES +RAW +ROWS +trips +WHY/m);
  expect(days.stdout).toMatch(/^2026-11-23 +processed +1 +.* +3 +4 /m);
  const day = await place.command('days', '2026-11-23');
  expect(day.stdout).toContain('trips 4, fare 10.75, seconds 9,007,199,254,741,059');
}, 60_000);

inBrowser('the page', () => {
  const browser = useBrowser();

  it('shows its first measure, and no hours and categories that it does not have', async () => {
    const { url } = await startTrips();
    const page = await browser.open(`${url}/?dataset=trips`);
    await page.getByRole('heading', { name: 'trips of each day' }).waitFor();
    await page.getByRole('table', { name: /by day and hour/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: 'Top categories' }).count()).toBe(0);
  });
});
