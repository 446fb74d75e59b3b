/** What the engine makes of an application that misbehaves: a real process, only that it is not Spark. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { EngineJob } from '../../../src/core/ports/engine.js';
import { aggregateColumns } from '../../../src/engine/csv/columns/aggregate-columns.js';
import { readCsvFile } from '../../../src/engine/csv/csv-file.js';
import { createSparkEngine } from '../../../src/engine/spark/engine.js';
import type { SparkSettings } from '../../../src/engine/spark/settings.js';
import { thisProcess } from '../../../src/process/living-process.js';
import { judgedMs } from '../../support/judged-time.js';
import { makeTempDir } from '../../support/temp-dir.js';
import { jobOver, writeFiles } from '../job.js';
import { h } from '../words.js';

const submit = fileURLToPath(new URL('./fake-submit.mjs', import.meta.url));
const pathOfNode = dirname(process.execPath);

async function make(mode: string, changes: Partial<SparkSettings> = {}) {
  const files = await writeFiles({ 'a.csv': `${h},x\n5,2\n` });
  const rawDir = dirname(dirname(files[0]?.path as string));
  const staging = join(await makeTempDir(), 'spark');
  const engine = createSparkEngine({
    rawDir,
    rawRoot: null,
    stagingRoot: staging,
    local: readCsvFile,
    localColumns: aggregateColumns,
    settings: {
      master: 'spark://elsewhere:7077',
      submit,
      conf: {},
      staging: null,
      timeoutMs: 20_000,
      explainUpToBytes: 0,
      environment: { PATH: `${pathOfNode}:/usr/bin:/bin`, FAKE: mode },
      ...changes,
    },
  });
  return { engine, files, staging, job: (): EngineJob => jobOver(files) };
}

async function failureOf(mode: string, changes: Partial<SparkSettings> = {}): Promise<Error> {
  const { engine, job, staging } = await make(mode, changes);
  const failure = await engine.aggregate(job()).then(
    (result) => new Error(`it was taken: ${JSON.stringify(result)}`),
    (error) => error as Error,
  );
  expect(await readdir(staging).catch(() => [])).toEqual([]);
  return failure;
}

test('results that are sound are taken, and nothing is left', async () => {
  const { engine, job, staging } = await make('well');
  const rows = [{ key: ['5', 'x'], values: ['2'] }];
  const text = { textBytes: Buffer.byteLength(`${h},x\n5,2\n`), endsWithLineFeed: true };
  const files = [{ name: 'a.csv', rows: 1, columns: ['x'], ...text }];
  expect(await engine.aggregate(job())).toEqual({ kind: 'aggregated', records: 1, files, rows });
  expect(await readdir(staging)).toEqual([]);
});

describe('an application', () => {
  test.each([
    [
      'fails',
      /on spark:\/\/elsewhere:7077 failed with exit code 3\. It printed last:\nJAVA_HOME is not set$/,
    ],
    ['killed', /was killed \(SIGKILL\)/],
    ['silent', /it ended without a manifest/],
    ['fails-late', /failed with exit code 1/],
  ])('that %s', async (mode, message) => {
    const failure = await failureOf(mode);
    expect(failure).toMatchObject({ name: 'ProblemError', slug: 'engine-failed' });
    expect(failure.message).toMatch(message);
  });

  test('that hangs, and takes no notice of SIGTERM, is killed at its timeout', async () => {
    const startedAt = performance.now();
    const failure = await failureOf('hangs', { timeoutMs: 1_000 });
    expect(failure.message).toMatch(/did not end within 1000 ms \(DAYMARK_SPARK_TIMEOUT_MS\)/);
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(15_000);
  });

  test('that hangs goes when its run is called off', async () => {
    const { engine, files, staging } = await make('hangs');
    const abort = new AbortController();
    const running = engine.aggregate(jobOver(files, { signal: abort.signal }));
    setTimeout(() => abort.abort('cancelled'), 500);
    await expect(running).rejects.toBe('cancelled');
    expect(await readdir(staging)).toEqual([]);
  });

  test('does not see our settings, least of all the tokens', async () => {
    process.env['DAYMARK_OPERATE_TOKEN'] = 'secret';
    const failure = await failureOf('secrets');
    delete process.env['DAYMARK_OPERATE_TOKEN'];
    expect(failure.message).toMatch(/saw: $/);
  });
});

describe('results are not taken where', () => {
  test.each([
    ['altered', /SHA-256 differs/],
    ['truncated', /has 1 bytes, and its manifest says/],
    ['torn-manifest', /manifest\.json is not well-formed/],
    ['other-token', /belongs to another application/],
    ['fewer-days', /holds other days than were asked for/],
    ['other-format', /manifest\.json is not well-formed/],
    ['negative-sum', /day-0\.json is not well-formed/],
    ['unsafe-sum', /day-0\.json is not well-formed/],
    ['unknown-field', /day-0\.json is not well-formed/],
    ['foreign-column', /a column that is no category/],
    ['sum-twice', /holds a sum twice/],
  ])('%s', async (mode, message) => {
    const failure = await failureOf(mode);
    expect(failure).toMatchObject({ name: 'ProblemError', slug: 'engine-failed' });
    expect(failure.message).toMatch(message);
  });

  test('days were swapped', async () => {
    const { engine, job, files, staging } = await make('swapped');
    const jobs = [job(), jobOver(files, { day: '4' })];
    const session = engine.session?.(jobs, () => undefined);
    for (const each of jobs) {
      await expect(session?.aggregate(each)).rejects.toThrow(/is the result of something else/);
    }
    await session?.close();
    expect(await readdir(staging)).toEqual([]);
  });

  test.each([
    ['other-size', /1 bytes for Spark and \d+ here: DAYMARK_SPARK_RAW_ROOT shows another file/],
    ['no-file', /Spark finds no file a\.csv where DAYMARK_SPARK_RAW_ROOT points/],
    ['no-line', /Spark saw no line of a\.csv, which is not empty/],
    ['trouble', /Spark cannot read a\.csv: FAILED_READ_FILE: denied/],
  ])('a file is not the one that lies here: %s', async (mode, message) => {
    const failure = await failureOf(mode);
    expect(failure.name).toBe('Error');
    expect(failure.message).toMatch(message);
  });
});

test('a file of which Spark saw fewer bytes is read again here, or else refused', async () => {
  const again = await make('fewer-bytes', { explainUpToBytes: 1_000 });
  expect(await again.engine.aggregate(again.job())).toMatchObject({
    kind: 'aggregated',
    records: 1,
  });
  const refused = await make('fewer-bytes');
  expect(await refused.engine.aggregate(refused.job())).toMatchObject({
    kind: 'rejected',
    problems: [{ file: 'a.csv', message: expect.stringMatching(/cannot tell whether it read/) }],
  });
});

describe('spark-submit', () => {
  const nowhere = { submit: null, environment: { PATH: '/nowhere' } } as const;
  test.each([
    ['is configured, and no program', { submit: '/nowhere/spark-submit' }, /DAYMARK_SPARK_SUBMIT/],
    ['is nowhere', nowhere, /looked for in the PATH \(SPARK_HOME is not set\)/],
    [
      'is not in SPARK_HOME',
      { submit: null, environment: { SPARK_HOME: '/opt/spark' } },
      /looked for in SPARK_HOME \(\/opt\/spark\) and on the PATH/,
    ],
  ])('%s', async (_, changes, message) => {
    const failure = await failureOf('well', changes);
    expect(failure).toMatchObject({ name: 'ProblemError', slug: 'engine-failed' });
    expect(failure.message).toMatch(message);
  });
});

test('what dead processes left is removed; what may be of living ones is not', async () => {
  const { engine, job, staging } = await make('well');
  const name = (digit: string) => digit.repeat(36);
  const owner = { ...thisProcess(), pid: 2 ** 22, startedAt: 'before' };
  const leave = async (digit: string, content: object | null) => {
    await mkdir(join(staging, name(digit)), { recursive: true });
    if (content === null) return;
    await writeFile(join(staging, name(digit), 'owner.json'), JSON.stringify(content));
  };
  await leave('1', owner);
  await leave('2', { ...owner, host: 'elsewhere' });
  await leave('3', null);
  await leave('4', { ...owner, host: 'elsewhere' });
  await utimes(join(staging, name('4')), 1, 1);
  await mkdir(join(staging, 'notes'));
  await engine.aggregate(job());
  expect((await readdir(staging)).sort()).toEqual([name('2'), name('3'), 'notes']);
});
