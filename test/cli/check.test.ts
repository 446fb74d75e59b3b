/** `daymark check`: what a file would come to, without a byte written. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlace } from './daymark.js';

async function placeWith(files: Readonly<Record<string, string>>) {
  const place = await makePlace({ DAYMARK_RAW_DIR: '', DAYMARK_OUTPUT_FILE: '' });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(place.root, name)), { recursive: true });
    await writeFile(join(place.root, name), text);
  }
  const entries = async () => (await readdir(place.root, { recursive: true })).sort();
  return { ...place, file: join(place.root, 'daymark.yaml'), entries };
}

const trips = `datasets:
  trips:
    raw: trips/dt={day}/*.csv
    day: date
    columns: { zone: text, fare: "decimal(12,2)?" }
    by: [zone]
    measures: { trips: count(), fare: sum(fare) }
    output: out/trips.csv
`;

it('says where days lie, what is no day, and what the first day comes to; writes nothing', async () => {
  const place = await placeWith({
    'daymark.yaml': trips,
    'trips/dt=2026-11-21/a.csv': 'zone,fare\nB,1.50\nA,\nB,2.25\n',
    'trips/dt=2026-11-23/a.csv': 'zone,fare\nB,x\n',
    'trips/dt=2026-11-2x/a.csv': '',
  });
  const before = await place.entries();
  const { code, stdout, stderr } = await place.daymark('check', '--datasets', place.file);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`trips
raw         ${place.root}/trips/dt={day}/*.csv
days        2, 2026-11-21 to 2026-11-23
no day      dt=2026-11-2x: Its name is not a day: a day is named dt={day}, such as dt=2026-11-23.
output      ${place.root}/out/trips.csv: date, zone, trips, fare
first day   2026-11-21: 3 records come to 2 rows:

date        zone  trips  fare
2026-11-21  A     1
2026-11-21  B     2      3.75
`);
  expect(await place.entries()).toEqual(before);
  const { body } = await place.json('check', '--datasets', place.file);
  expect(body.datasets[0]).toMatchObject({
    dataset: 'trips',
    days: { count: 2, waiting: [] },
    firstDay: { records: 3, rows: 2, sample: [['2026-11-21', 'A', '1', null], expect.anything()] },
    errors: [],
  });
});

it('names every mistake with its place, and exits with 78', async () => {
  const place = await placeWith({
    'daymark.yaml': trips.replace('day: date', 'day: daily').replace('sum(fare)', 'sum(faer)'),
  });
  const { code, stdout, stderr } = await place.daymark('check', '--datasets', place.file);
  expect([code, stdout]).toEqual([78, '']);
  expect(stderr).toContain(`${place.file}:4:5 day must be one of: index, date, and is "daily".`);
  expect(stderr).toContain(`${place.file}:7:43 There is no column "faer"`);
});

it('tells the errors of a first day, a day that waits, and datasets without days', async () => {
  const wide = (name: string, raw: string) =>
    `  ${name}:\n    raw: ${raw}\n    day: index\n    wide: { by: { hour: hour } }\n    output: out/${name}.csv\n`;
  const place = await placeWith({
    'daymark.yaml': `${trips.replace('day: date', 'day: date\n    require_success_file: true')}${wide('bad', 'bad/{day}/*.csv')}${wide('none', 'none/{day}.csv')}${wide('gone', 'gone/{day}.csv')}`,
    'trips/dt=2026-11-21/a.csv': 'zone,fare\n',
    'bad/3/a.csv': 'hour,milk,Hour\n8,x,1\n',
    'none/x.txt': '',
  });
  const { code, body } = await place.json('check', '--datasets', place.file);
  expect(code).toBe(1);
  const [first, bad, none, gone] = body.datasets;
  expect(first.days.waiting).toEqual([
    { day: '2026-11-21', waitsFor: expect.stringMatching(/_SUCCESS/) },
  ]);
  expect(first.errors).toEqual([expect.stringMatching(/^The one day in .* is not ready\.$/)]);
  expect(bad.errors[0]).toMatch(/^day 3: a\.csv, .*column "Hour"/);
  expect(none.errors).toEqual([`No day was found in ${join(place.root, 'none')}.`]);
  expect(gone.errors).toEqual([expect.stringMatching(/^The raw root .*gone cannot be read/)]);
});

it('names what stands in the file where a column is to be ignored', async () => {
  const place = await placeWith({
    'daymark.yaml':
      'datasets:\n  o:\n    raw: o/{day}/*.csv\n    day: index\n    wide: { by: { hour: hour } }\n    output: out/o.csv\n',
    'o/3/a.csv': 'hour,milk,Unnamed: 0\n8,2,1\n',
  });
  const { body } = await place.json('check', '--datasets', place.file);
  expect(body.datasets[0].errors[0]).toContain('wide.ignore of o in daymark.yaml');
  expect(body.datasets[0].errors[0]).not.toContain('DAYMARK_');
});

it('takes one dataset alone, and refuses one that there is not', async () => {
  const place = await placeWith({ 'daymark.yaml': trips });
  const { code, stderr } = await place.daymark('check', '--datasets', place.file, '--dataset', 'x');
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('There is no dataset x; there are trips.'),
  ]);
});
