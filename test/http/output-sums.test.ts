/** GET /v1/output/totals: what the rows come to by the values of a key, against sums that are made by hand here. */
import { expect, it } from 'vitest';
import { sumRows } from '../../src/core/sum-rows.js';
import type { Survey } from '../../src/core/survey.js';
import type { Day } from '../../src/model/day.js';
import { shapeOf } from '../../src/model/definition.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { definitionOf } from '../engine/columns/job.js';
import { startSeveral } from '../support/several.js';

const definition = definitionOf({
  dayKind: 'index',
  dayName: 'day_of_week',
  columns: { zone: 'text?', at: 'timestamp', fare: 'decimal(30,2)?', seconds: 'integer' },
  by: ['zone', 'hour: hour(at)'],
  measures: { trips: 'count()', fare: 'sum(fare)', longest: 'max(seconds)' },
});

const days: Readonly<Record<string, readonly string[]>> = {
  '0': ['north,2026-01-01T08:00:00Z,0.10,5', 'north,2026-01-01T09:00:00Z,0.20,5'],
  '1': [
    'north,2026-01-01T08:00:00Z,4.00,5',
    ',2026-01-01T08:00:00Z,,7',
    '"a, b",2026-01-01T23:00:00Z,-3.5,1',
  ],
  '2': ['south,2026-01-01T08:00:00Z,9007199254740993,5'],
};

async function startTrips() {
  const service = await startSeveral({
    datasets: { trips: { layout: 'index', engine: 'csv', definition } },
    prepare: async ({ land }) => {
      for (const [day, lines] of Object.entries(days))
        await land('trips', day, `zone,at,fare,seconds\n${lines.join('\n')}\n`);
    },
  });
  expect((await service.run('trips')).status).toBe(200);
  const get = async (query: string, status = 200) =>
    (await service.http.get(`/v1/datasets/trips/output/totals?${query}`).expect(status)).body;
  return { service, get };
}

const group = (
  value: unknown,
  trips: number,
  fare: number | string,
  day: string | null = null,
) => ({
  day,
  value,
  rows: trips,
  totals: { trips, fare },
});

it('sums up by a key, the largest first, exactly, and tells what all others come to', async () => {
  const { get } = await startTrips();
  const all = [
    group('north', 3, '4.3'),
    group(null, 1, 0),
    group('a, b', 1, '-3.5'),
    group('south', 1, '9007199254740993'),
  ];
  const read = { first: '0', last: '2', count: 3, leftOut: 0 };
  expect(await get('by=zone')).toEqual({ groups: all, others: null, days: read });
  const byFare = await get('by=zone&measure=fare&limit=2');
  expect(byFare.groups).toEqual([all[3], all[0]]);
  expect(byFare.others).toEqual({ groups: 2, rows: 2, totals: { trips: 2, fare: '-3.5' } });
  // A key with a value for each group of rows counts rows, not records.
  expect(
    (await get('by=hour&measure=rows')).groups.map((each: { value: number }) => each.value),
  ).toEqual([8, 9, 23]);
});

it('sums up each day by itself, some days, and rows with one value of another key', async () => {
  const { get } = await startTrips();
  const perDay = await get('by=hour&per=day&to=1&measure=fare');
  expect(perDay.groups).toEqual([
    group(8, 2, 4, '1'),
    group(9, 1, '0.2', '0'),
    group(8, 1, '0.1', '0'),
    group(23, 1, '-3.5', '1'),
  ]);
  expect(perDay.days).toEqual({ first: '0', last: '1', count: 2, leftOut: 0 });
  expect((await get('by=hour&zone=north&day=1')).groups).toEqual([group(8, 1, 4)]);
  expect((await get('by=hour&zone=')).groups).toEqual([group(8, 1, 0)]);
  expect(await get('by=zone&from=3')).toEqual({
    groups: [],
    others: null,
    days: { first: null, last: null, count: 0, leftOut: 0 },
  });
});

it('refuses what is no key, and what cannot be added up, and says what there is', async () => {
  const { get } = await startTrips();
  for (const [query, at, message] of [
    ['', 'by', 'is missing'],
    ['by=fare', 'by', 'must be a key column of the output; there are: zone, hour'],
    [
      'by=zone&measure=longest',
      'measure',
      'must be rows, or a measure that can be added up of the output; there are: trips, fare',
    ],
    ['by=zone&limit=2001', 'limit', 'must be an integer from 1 to 2000'],
    ['by=zone&cursor=x', 'cursor', /known: day, from, to, zone, hour, by, per, measure, limit$/],
  ] as const) {
    const [error] = (await get(query, 400)).errors;
    expect(error, query).toEqual({ at, message: expect.stringMatching(message) });
  }
});

it('reads the newest days that fit, whole, and tells how many it left out', async () => {
  const { service } = await startTrips();
  const shape = shapeOf(definition);
  const output = createOutputStore({ folder: stateFolderOf(service.outputOf('trips')), shape });
  const reconciler = { glance: async () => ({ output: await output.look() }) as Survey };
  const { signal } = new AbortController();
  const sums = (bounds: { readonly bytes: number; readonly groups: number }, by = 0) =>
    sumRows({ output, reconciler }, () => ({ ...everything, by }), signal, bounds);

  const { days: found } = await output.look();
  const bytes = (day: string) => found.get(day as Day)?.sizeBytes ?? 0;
  const two = { bytes: bytes('1') + bytes('2'), groups: 9 };
  const partly = await sums(two);
  expect([partly.days, partly.leftOut]).toEqual([['1', '2'], 1]);
  expect(partly.groups.find(({ value }) => value === 'north')).toEqual(group('north', 1, 4));
  expect((await sums({ ...two, bytes: two.bytes - 1 })).days).toEqual(['2']);
  // One zone, three and one, and each day's are counted apart.
  expect((await sums({ bytes: 9999, groups: 5 })).days).toEqual(['0', '1', '2']);
  expect((await sums({ bytes: 9999, groups: 3 })).days).toEqual(['2']);
  expect(await sums({ bytes: 9999, groups: 0 })).toMatchObject({
    groups: [],
    others: null,
    days: [],
    leftOut: 3,
  });
});

it('the dataset tells by which keys and measures it can be summed up', async () => {
  const { service, get } = await startTrips();
  const { body } = await service.http.get('/v1/datasets/trips').expect(200);
  expect(body.columns).toEqual({
    day: 'day_of_week',
    keys: [
      { name: 'zone', type: 'text', range: null },
      { name: 'hour', type: 'integer', range: { least: 0, most: 23 } },
    ],
    measures: [
      { name: 'trips', type: 'integer', additive: true },
      { name: 'fare', type: 'decimal', additive: true },
      { name: 'longest', type: 'integer', additive: false },
    ],
  });
  expect((await get('by=zone&hour=24', 400)).errors).toEqual([
    { at: 'hour', message: 'must be a whole number from 0 to 23' },
  ]);
});

const everything = {
  ...{ day: null, from: null, to: null, keys: new Map<number, null>() },
  ...{ perDay: false, measure: null, limit: 9 },
};
