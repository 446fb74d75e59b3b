/** A dataset of typed columns in a service, beside the seed's own: days, runs, changes of the definition, engines. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declaredIn } from '../support/declared.js';
import { startSeveral } from '../support/several.js';
import { makeTempDir } from '../support/temp-dir.js';

const yaml = `
datasets:
  trips:
    raw: raw/dt={day}/*.csv
    day: date
    columns: { zone: text, fare: "decimal(12,2)?", seconds: integer, picked_up: timestamp }
    by: [zone, "hour: hour(picked_up)"]
    measures: { trips: count(), fare: sum(fare), longest: max(seconds) }
    output: out/trips.csv
`;

async function startTrips() {
  const base = await makeTempDir();
  const [trips] = declaredIn(join(base, 'daymark.yaml'), yaml);
  if (trips === undefined) throw new Error('there is no dataset');
  await mkdir(join(base, 'raw'), { recursive: true });
  const service = await startSeveral({ datasets: { orders: {}, trips } });
  const land = async (day: string, rows: readonly string[]) => {
    const path = join(base, 'raw', `dt=${day}`, 'part.csv');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, ['zone,fare,seconds,picked_up', ...rows, ''].join('\n'));
  };
  return { ...service, land, output: join(base, 'out', 'trips.csv') };
}

describe('a dataset of columns', () => {
  it('has its days in Hive folders, and its rows by keys', async () => {
    const { land, run, http, output } = await startTrips();
    await land('2026-11-23', [
      'B,2.25,30,2026-11-23T11:00:00+01:00',
      'A,1.50,60,2026-11-23T10:00:00Z',
      'A,,90,2026-11-23 10:30:00',
    ]);
    expect((await run('trips')).body).toMatchObject({ status: 'succeeded', commit: 1 });
    expect(await readFile(output, 'utf8')).toBe(
      'date,zone,hour,trips,fare,longest\n2026-11-23,A,10,2,1.50,90\n2026-11-23,B,10,1,2.25,30\n',
    );
    const days = await http.get('/v1/datasets/trips/days');
    expect(days.body.days).toMatchObject([{ day: '2026-11-23', state: 'processed' }]);
    expect((await http.get('/v1/days')).body.days).toEqual([]);
  });

  it('fails a day by file, line, column and value', async () => {
    const { land, run, http } = await startTrips();
    await land('2026-11-23', ['A,1.50,60,2026-11-23T10:00:00Z', 'A,1.505,1e3,yesterday']);
    const { body } = await run('trips');
    expect(body.type).toBe('/problems/run-failed');
    const places = { file: 'part.csv', line: 3 };
    const { body: failed } = await http.get(`/v1/datasets/trips/runs/${body.runId}`);
    expect(failed.days[0].error.problems).toMatchObject([
      { ...places, column: 'fare', value: '1.505' },
      { ...places, column: 'seconds', value: '1e3' },
      { ...places, column: 'picked_up', value: 'yesterday' },
    ]);
  });

  it('is not read by scan, and says so', async () => {
    const { land, run } = await startTrips();
    await land('2026-11-23', ['A,1.50,60,2026-11-23T10:00:00Z']);
    const { body } = await run('trips', { engine: 'scan' });
    expect(body.type).toBe('/problems/engine-unavailable');
    expect(body.detail).toBe(
      'The engine scan does not read the columns or files of this dataset. There are: csv, duckdb.',
    );
  });
});
