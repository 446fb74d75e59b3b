/** A dataset of Parquet files in a service, and what `daymark check` says of it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlace } from '../cli/daymark.js';
import { copied } from '../engine/duckdb/parquet/day.js';
import { declaredIn } from '../support/declared.js';
import { startSeveral } from '../support/several.js';
import { makeTempDir } from '../support/temp-dir.js';

const yaml = `
datasets:
  trips:
    raw: raw/dt={day}/*.parquet
    day: date
    columns: { "rider.zone": text, fare: "decimal(12,2)?", seconds: integer, picked_up: timestamp }
    by: ["zone: rider.zone", "hour: hour(picked_up)"]
    measures: { trips: count(), fare: sum(fare), longest: max(seconds) }
    output: out/trips.csv
`;

async function startTrips() {
  const base = await makeTempDir();
  const [trips] = declaredIn(join(base, 'daymark.yaml'), yaml);
  if (trips === undefined) throw new Error('there is no dataset');
  await mkdir(join(base, 'raw'), { recursive: true });
  const service = await startSeveral({ datasets: { orders: {}, trips } });
  const land = async (day: string, name: string, select: string) => {
    const path = join(base, 'raw', `dt=${day}`, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, (await copied({ [name]: select }))[name] ?? '');
  };
  return { ...service, land, base, output: join(base, 'out', 'trips.csv') };
}

const row = (zone: string, fare: string, seconds: string, hour: number) =>
  `SELECT {'zone': '${zone}'} AS rider, ${fare} AS fare, ${seconds} AS seconds, TIMESTAMP '2026-11-23 ${hour}:00:00' AS picked_up`;

it('a dataset of Parquet is read by DuckDB, and has its output like any other', async () => {
  const { land, run, http, output } = await startTrips();
  await land(
    '2026-11-23',
    'a.parquet',
    `${row('B', '2.25', '30', 10)} UNION ALL ${row('A', '1.5', '60', 10)}`,
  );
  await land('2026-11-23', 'b.parquet', row('A', 'NULL::DOUBLE', '90::BIGINT', 10));
  const { body } = await run('trips');
  expect(body).toMatchObject({ status: 'succeeded', commit: 1, engine: 'duckdb', warnings: [] });
  expect(await readFile(output, 'utf8')).toBe(
    'date,zone,hour,trips,fare,longest\n2026-11-23,A,10,2,1.50,90\n2026-11-23,B,10,1,2.25,30\n',
  );
  const days = await http.get('/v1/datasets/trips/days');
  expect(days.body.days).toMatchObject([{ day: '2026-11-23', state: 'processed' }]);
});

it('a day of Parquet fails by file, row, column and value, and others do not', async () => {
  const { land, run, http, output } = await startTrips();
  await land('2026-11-23', 'a.parquet', row('B', '2.25', '30', 10));
  await land(
    '2026-11-24',
    'a.parquet',
    `${row('A', '1.5', '60', 10)} UNION ALL ${row('A', '1.505', 'NULL', 10)}`,
  );
  const { body } = await run('trips');
  const { body: ended } = await http.get(`/v1/datasets/trips/runs/${body.runId}`);
  expect(ended.days.at(-1).error).toMatchObject({
    problems: [
      { file: 'a.parquet', line: 2, column: 'fare', value: '1.505' },
      { file: 'a.parquet', line: 2, column: 'seconds', value: null },
    ],
  });
  expect(ended.days.at(-1).error.detail).toContain('a.parquet, row 2, column "fare" holds "1.505"');
  expect(await readFile(output, 'utf8')).toContain('2026-11-23,B,10,1,2.25,30');
});

it('a column that may be empty, and is missing in some files, is told', async () => {
  const { land, run, output } = await startTrips();
  const without = (hour: number) => row('A', '0', '60', hour).replace('0 AS fare, ', '');
  await land('2026-11-23', 'a.parquet', without(10));
  await land('2026-11-23', 'b.parquet', row('A', '1', '60', 10));
  await land('2026-11-23', 'c.parquet', without(11));
  const { body } = await run('trips');
  expect(body.warnings).toEqual([
    'day 2026-11-23: a.parquet and 1 more have no column "fare", whose cells are taken for empty',
  ]);
  expect(await readFile(output, 'utf8')).toContain(
    '2026-11-23,A,10,2,1.00,60\n2026-11-23,A,11,1,,60',
  );
});

it('daymark check reads the first day of Parquet, too', async () => {
  const place = await makePlace({ DAYMARK_RAW_DIR: '', DAYMARK_OUTPUT_FILE: '' });
  const files = await copied({
    'a.parquet': row('B', '2.25', '30', 10),
    'b.parquet': row('B', "'x'", '30', 10),
  });
  const check = async (name: string) => {
    const path = join(place.root, 'raw', 'dt=2026-11-23', 'part.parquet');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, files[name] ?? '');
    await writeFile(join(place.root, 'daymark.yaml'), yaml.trimStart());
    return place.daymark('check', '--datasets', join(place.root, 'daymark.yaml'));
  };
  const sound = await check('a.parquet');
  expect([sound.code, sound.stderr]).toEqual([0, '']);
  expect(sound.stdout).toContain('2026-11-23  B     10    1      2.25  30');
  const odd = await check('b.parquet');
  expect(odd.stdout).toContain(
    'part.parquet, column "fare": the file has it as BYTE_ARRAY (UTF8), which is not read as decimal(12,2)?',
  );
});

it('the same file twice is found among Parquet files, too', async () => {
  const { land, run, http } = await startTrips();
  await land('2026-11-23', 'a.parquet', row('B', '2.25', '30', 10));
  await land('2026-11-23', 'b.parquet', row('B', '2.25', '30', 10));
  const { body } = await run('trips');
  const { body: ended } = await http.get(`/v1/datasets/trips/runs/${body.runId}`);
  expect(JSON.stringify(ended.days[0].error)).toContain('it holds the same bytes as a.parquet');
});
