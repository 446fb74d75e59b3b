/** A dataset of `sql` over Parquet files: in a service, and what `daymark check` says of it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlace } from '../cli/daymark.js';
import { copied } from '../engine/duckdb/parquet/day.js';
import { declaredWithSql } from '../support/declared-sql.js';
import { startTestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

const yaml = `
datasets:
  trips:
    raw: raw/{day}.parquet
    day: date
    columns: { "rider.zone": text, fare: "decimal(12,2)?", seconds: integer }
    sql: |
      select "rider.zone" as zone, sum(fare) fare, max(seconds) - min(seconds) spread
      from day group by all
    by: [zone]
    output: out/trips.csv
`;

const row = (zone: string, fare: string, seconds: string) =>
  `SELECT {'zone': '${zone}'} AS rider, ${fare} AS fare, ${seconds} AS seconds`;

const sound = `${row('B', '2.25::DOUBLE', '30')} UNION ALL ${row('A', 'NULL', '90')} UNION ALL ${row('B', '0.1', '45')}`;
const odd = `${row('A', '1.5', '60')} UNION ALL ${row('A', '1.505', 'NULL')}`;

async function landIn(root: string, days: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(root, 'raw'), { recursive: true });
  for (const [name, bytes] of Object.entries(await copied(days))) {
    await writeFile(join(root, 'raw', name), bytes);
  }
}

it('has the rows that the SELECT gives, and fails a day by row, column and value', async () => {
  const root = await makeTempDir();
  await landIn(root, { '2026-11-23.parquet': sound, '2026-11-24.parquet': odd });
  const datasets = await declaredWithSql(join(root, 'daymark.yaml'), yaml);
  const { run, get } = await startTestService({ root, datasets });
  const { body } = await run();
  const { body: ended } = await get(`/v1/runs/${body.runId}`);
  expect(ended.days.at(-1).error).toMatchObject({
    problems: [
      { file: '2026-11-24.parquet', line: 2, column: 'fare', value: '1.505' },
      { file: '2026-11-24.parquet', line: 2, column: 'seconds', value: null },
    ],
  });
  expect(await readFile(join(root, 'out', 'trips.csv'), 'utf8')).toBe(
    'date,zone,fare,spread\n2026-11-23,A,,0\n2026-11-23,B,2.35,15\n',
  );
  expect((await get('/v1/verify?wait=30')).body).toMatchObject({
    counts: { same: 1, unreadable: 1, differs: 0 },
  });
});

it('daymark check shows its first day, or what is wrong with it', async () => {
  const place = await makePlace({ DAYMARK_RAW_DIR: '', DAYMARK_OUTPUT_FILE: '' });
  await writeFile(join(place.root, 'daymark.yaml'), yaml.trimStart());
  const check = async (select: string) => {
    await landIn(place.root, { '2026-11-23.parquet': select });
    return place.command('check', '--datasets', 'daymark.yaml');
  };
  const shown = await check(sound);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(/2026-11-23 +B +2\.35 +15\n/);
  const { stdout } = await check(odd);
  expect(stdout).toContain('2026-11-23.parquet, row 2, column "fare" holds "1.505": it must be');
});
