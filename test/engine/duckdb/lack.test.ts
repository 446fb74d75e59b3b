/** A service whose machine has no DuckDB says so, and serves what needs none. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { duckDbLack } from '../../../src/engine/duckdb/lack.js';
import { makeTempDir } from '../../support/temp-dir.js';

/** The built service beside all of its packages but DuckDB's. */
async function withoutDuckDb(): Promise<string> {
  const root = await makeTempDir();
  cpSync('dist', join(root, 'dist'), { recursive: true });
  for (const name of ['package.json', 'openapi'])
    cpSync(name, join(root, name), { recursive: true });
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync('node_modules')) {
    if (name === '@duckdb') continue;
    symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name));
  }
  return root;
}

async function run(root: string, script: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const part of child.stdout.setEncoding('utf8')) text += part;
  return text;
}

it('lacks nothing where the package and its binary are', () => {
  expect(duckDbLack()).toBeNull();
});

it('says what is missing, what works, and what to do', async () => {
  const root = await withoutDuckDb();
  const lack = pathToFileURL(join(root, 'dist/engine/duckdb/lack.js'));
  const told = await run(
    root,
    `import { duckDbLack } from '${lack}'; process.stdout.write(String(duckDbLack()))`,
  );
  expect(told).toContain('@duckdb/node-api');
  expect(told).toContain(`${process.platform}-${process.arch}`);
  expect(told).toContain('by the engine csv');
  expect(told).toContain('npm ci');
});

it('says the same where only the binary is missing', async () => {
  const root = await withoutDuckDb();
  mkdirSync(join(root, 'node_modules/@duckdb'));
  for (const name of ['node-api', 'node-bindings']) {
    const from = resolve('node_modules/@duckdb', name);
    symlinkSync(from, join(root, 'node_modules/@duckdb', name));
  }
  const lack = pathToFileURL(join(root, 'dist/engine/duckdb/lack.js'));
  const told = await run(
    root,
    `import { duckDbLack } from '${lack}'; process.stdout.write(String(duckDbLack()))`,
  );
  expect(told).toContain('its binary');
});

it('serves without it', async () => {
  const root = await withoutDuckDb();
  const raw = join(root, 'raw');
  cpSync('data/incremental/raw', raw, { recursive: true });
  const told = await runDaymark(root, {
    DAYMARK_RAW_DIR: raw,
    DAYMARK_OUTPUT_FILE: join(root, 'processed/orders.csv'),
  });
  expect(told).toEqual([0, expect.stringContaining('succeeded')]);
});

it.each(['', '    engine: duckdb\n'])(
  'reads columns by csv, with a warning (%j)',
  async (engine) => {
    const root = await withoutDuckDb();
    mkdirSync(join(root, 'raw/3'), { recursive: true });
    writeFileSync(join(root, 'raw/3/a.csv'), 'zone,fare\nx,1\nx,2\n');
    writeFileSync(
      join(root, 'daymark.yaml'),
      `datasets:
  trips:
    raw: raw/{day}/*.csv
    day: index
    columns: { zone: text, fare: integer }
    by: [zone]
    measures: { fare: sum(fare) }
    output: out/trips.csv
${engine}`,
    );
    const [code, text] = await runDaymark(root, { DAYMARK_DATASETS: join(root, 'daymark.yaml') });
    expect([code, text]).toEqual([0, expect.stringContaining('succeeded')]);
    expect(text).toMatch(/"engine": ?"csv"/);
    expect(text).toContain('DuckDB is not installed here: the optional package @duckdb/node-api');
    expect(readFileSync(join(root, 'out/trips.csv'), 'utf8')).toBe(
      'day_of_week,zone,fare\n3,x,3\n',
    );
  },
);

async function runDaymark(
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<[code: unknown, text: string]> {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'run', '--json'], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const code = await new Promise((done) => child.once('close', done));
  return [code, text];
}
