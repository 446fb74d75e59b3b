/** The command, as a process of its own, on a dataset of `sql`: it ends by itself, and leaves nothing behind. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlace } from '../cli/daymark.js';

const yaml = (sql: string) => `datasets:
  basket:
    raw: landing/{day}.csv
    day: date
    columns: { store: text, pieces: integer }
    sql: |
      ${sql}
      from day group by store
    by: [store]
    output: out/basket.csv
`;

async function makeBasket(sql: string) {
  const place = await makePlace({ DAYMARK_RAW_DIR: '', DAYMARK_OUTPUT_FILE: '' });
  await mkdir(join(place.root, 'landing'));
  await writeFile(join(place.root, 'daymark.yaml'), yaml(sql));
  await writeFile(
    join(place.root, 'landing', '2026-11-23.csv'),
    'store,pieces\nNorth,1\nSouth,2.0\nNorth,3\n',
  );
  const command = (name: string) => place.command(name, '--datasets', 'daymark.yaml');
  return { ...place, command };
}

it('check shows what the first day comes to, writes nothing, and run makes it', async () => {
  const { command, root } = await makeBasket('select store, sum(pieces) pieces');
  const checked = await command('check');
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  expect(checked.stdout).toMatch(/first day +2026-11-23: 3 records come to 2 rows:/);
  expect(checked.stdout).toMatch(/2026-11-23 +North +4\n2026-11-23 +South +2\n/);
  expect(existsSync(join(root, 'out'))).toBe(false);
  expect(await command('run')).toMatchObject({ code: 0 });
  expect(await readFile(join(root, 'out', 'basket.csv'), 'utf8')).toBe(
    'date,store,pieces\n2026-11-23,North,4\n2026-11-23,South,2\n',
  );
  expect(await command('verify')).toMatchObject({ code: 0 });
});

it('every command tells a mistake in the SELECT with its place', async () => {
  const { command } = await makeBasket('select store, sum(piece) pieces');
  for (const name of ['check', 'run', 'serve']) {
    const { code, stderr } = await command(name);
    expect(code, name).toBe(78);
    expect(stderr).toContain('daymark.yaml:7:25 Referenced column "piece" not found');
  }
});

it('check tells what is wrong with the rows of the first day', async () => {
  const { command } = await makeBasket('select store, sum(pieces)::tinyint * 100::tinyint pieces');
  const { code, stdout } = await command('check');
  expect(code).not.toBe(0);
  expect(stdout).toContain('day 2026-11-23: 2026-11-23.csv: sql fails on its rows: Overflow');
});
