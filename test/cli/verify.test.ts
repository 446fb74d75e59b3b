/** What `daymark verify` says of outputs that are right and wrong: no day too many, none too few. */
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../support/redis-server.js';
import { landDays, makePlace, type Place } from './daymark.js';

const week = ['0', '1', '2', '3', '4', '5', '6'];

interface DayVerdict {
  readonly day: string;
  readonly verdict: string;
  readonly times: number | null;
}

async function verdicts(place: Place): Promise<Record<string, string>> {
  const { body, code } = await place.json('verify', '--quiet');
  const days = body.days as DayVerdict[];
  const wrong = days.filter(({ verdict }) => !['same', 'pending', 'no-raw'].includes(verdict));
  expect([code, body.ok]).toEqual(wrong.length === 0 ? [0, true] : [1, false]);
  return Object.fromEntries(
    days
      .filter(({ verdict }) => verdict !== 'same')
      .map(({ day, verdict, times }) => [day, times === null ? verdict : `${verdict} ${times}`]),
  );
}

/** An output that Daymark made, and then whatever the test does to it. */
async function madeWeek(): Promise<Place> {
  const place = await makePlace();
  await landDays(place, week);
  await place.daymark('run', '-q');
  return place;
}

const rowsOf = (output: string, day: string) =>
  output.split('\n').filter((line) => line.startsWith(`${day},`));

/** As a job without Daymark leaves it: no ledger, and days appended again. */
async function appendAgain(place: Place, days: readonly string[]): Promise<void> {
  const output = await place.output();
  await rm(join(dirname(place.outputFile), '_daymark'), { recursive: true });
  for (const day of days) {
    await appendFile(place.outputFile, `${rowsOf(output, day).join('\n')}\n`);
  }
}

async function edit(place: Place, from: string, to: string): Promise<void> {
  const text = await readFile(place.outputFile, 'utf8');
  expect(text).toContain(from);
  await writeFile(place.outputFile, text.replace(from, to));
}

describe('daymark verify', () => {
  it('finds nothing where there is nothing', async () => {
    const place = await madeWeek();
    expect(await verdicts(place)).toEqual({});
    const { stdout, code } = await place.daymark('verify');
    expect(code).toBe(0);
    expect(stdout).toBe('The output is what raw says. 7 days compared: 7 same.\n');
  });

  it('names exactly the tripled and doubled days of a legacy output, and touches nothing', async () => {
    const place = await madeWeek();
    // What one published repository of the usual job has in its output.
    await appendAgain(place, ['0', '1', '2', '3', '0', '1', '2']);
    const before = await place.output();

    const { code, stdout, stderr } = await place.command('verify');
    expect(code).toBe(1);
    expect(stdout.match(/^\d .*/gm)?.map((line) => line.replace(/ +/g, ' '))).toEqual([
      '0 differs 24 8 counted 3 times',
      '1 differs 27 9 counted 3 times',
      '2 differs 30 10 counted 3 times',
      '3 differs 22 11 counted 2 times',
    ]);
    expect(stdout).toContain('Wrong: days 0, 1, 2 and 3. 7 days compared: 3 same, 4 differs.');
    expect(stderr).toMatch(/^day 0 would be replaced: 2 records, items_count 8$/m);
    expect(await place.output()).toBe(before);

    await place.daymark('run', '-q');
    expect(await verdicts(place)).toEqual({});
  });

  it('names a day with one count altered, and one with a row lost, in a file of its own', async () => {
    const place = await madeWeek();
    await edit(place, '4,8,bananas,5\n', '4,8,bananas,6\n');
    await edit(place, '5,15,eggs,4\n', '');
    expect(await verdicts(place)).toEqual({ '4': 'differs', '5': 'differs' });
  });

  it('names them where no ledger knows better, too', async () => {
    const place = await madeWeek();
    await appendAgain(place, []);
    await edit(place, '4,8,bananas,5\n', '4,8,bananas,6\n');
    await edit(place, '5,15,eggs,4\n', '');
    await edit(place, '6,8,milk,2\n', '6,8,milk,2\n6,9,tea,1\n');
    const { stdout } = await place.daymark('verify', '-q');
    expect(stdout).toMatch(/^4 .*rows: 1 with another count$/m);
    expect(stdout).toMatch(/^5 .*rows: 1 missing$/m);
    expect(stdout).toMatch(/^6 .*rows: 1 that the raw files do not have$/m);
    expect(stdout).toContain('Wrong: days 4, 5 and 6.');

    await place.daymark('run', '-q', '--days', '4,5,6');
    expect(await verdicts(place)).toEqual({});
  });

  it('tells a day that is lost from one that came since', async () => {
    const place = await madeWeek();
    await rm(join(dirname(place.outputFile), '_daymark'), { recursive: true });
    for (const row of rowsOf(await place.output(), '2')) await edit(place, `${row}\n`, '');
    await landDays(place, ['7']);
    expect(await verdicts(place)).toEqual({ '2': 'missing', '7': 'pending' });
  });

  it('names a day whose raw file was corrected, and one that cannot be read', async () => {
    const place = await madeWeek();
    await place.land('1', [[8, { bananas: 1 }]]);
    await place.land('3', 'order_hour_of_day,milk\n8,much\n');
    expect(await verdicts(place)).toEqual({ '1': 'differs', '3': 'unreadable' });
  });

  it('says nothing against a day whose raw folder is gone, or one that is rewound', async () => {
    const place = await madeWeek();
    await rm(join(place.rawDir, '0'), { recursive: true });
    await place.daymark('checkpoint', 'rewind', '4', '--yes');
    expect(await verdicts(place)).toEqual({ '0': 'no-raw' });
  });

  it('adds up and divides exactly where no number could', async () => {
    const place = await makePlace();
    const most = Number.MAX_SAFE_INTEGER;
    await place.land('0', [[8, { bananas: most, milk: most }]]);
    const { stdout } = await place.daymark('run', '-q');
    expect(stdout).toMatch(/^0 +new +added .* 18,014,398,509,481,982$/m);
    await appendAgain(place, ['0', '0']);
    const verified = await place.daymark('verify', '-q');
    expect(verified.stdout).toMatch(
      /^0 +differs +54,043,195,528,445,946 +18,014,398,509,481,982 +counted 3 times$/m,
    );
    const { body } = await place.json('days', '0');
    expect(body.output.totals).toEqual({ items_count: '54043195528445946' });
  });

  it('compares with the reference engine as well', async () => {
    const place = await madeWeek();
    await appendAgain(place, ['6']);
    const { body, code } = await place.json('verify', '-q', '--engine', 'csv');
    expect(code).toBe(1);
    expect(body.days.at(-1)).toMatchObject({ day: '6', verdict: 'differs', times: 2 });
  });
});

/** The output of a week as Spark would have left it, one part for each append; without a ledger. */
async function madeBySpark(place: Place, appends: readonly (readonly string[])[]): Promise<void> {
  const output = await place.output();
  const [header = ''] = output.split('\n');
  await rm(join(dirname(place.outputFile), '_daymark'), { recursive: true });
  await rm(place.outputFile);
  await mkdir(place.outputFile);
  for (const [at, days] of appends.entries()) {
    const rows = days.flatMap((day) => rowsOf(output, day));
    const name = `part-0000${at}-f91ad07e-c000.csv`;
    await writeFile(join(place.outputFile, name), `${[header, ...rows].join('\n')}\n`);
    await writeFile(join(place.outputFile, `.${name}.crc`), 'crc');
  }
  await writeFile(join(place.outputFile, '_SUCCESS'), '');
}

describe('daymark verify, of a folder that Spark wrote', () => {
  it('finds nothing where there is nothing', async () => {
    const place = await madeWeek();
    await madeBySpark(place, [['0', '1', '2'], [], ['3', '4', '5', '6']]);
    expect(await verdicts(place)).toEqual({});
  });

  it('tells an append that ran twice, leaves the folder as it is, and nothing anywhere else', async () => {
    const place = await madeWeek();
    await madeBySpark(place, [
      ['0', '1', '2', '3'],
      ['4', '5'],
      ['4', '5'],
    ]);
    const temporary = join(place.root, 'tmp');
    await mkdir(temporary);
    const names = (await readdir(place.outputFile)).sort();

    const { code, stdout } = await place.start(['verify'], { TMPDIR: temporary }).ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^4 +differs .* counted 2 times$/m);
    expect(stdout).toContain('Wrong: days 4 and 5. 7 days compared: 4 same, 2 differs, 1 pending.');
    expect((await readdir(place.outputFile)).sort()).toEqual(names);
    expect(await readdir(dirname(place.outputFile))).toEqual(['orders.csv']);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('moves no checkpoint, and says what is to be done before a run', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const place = await makePlace({ DAYMARK_REDIS_URL: redis.url });
    await landDays(place, week);
    await place.daymark('run', '-q');
    await madeBySpark(place, [['0', '1', '2']]);
    const key = 'incremental:last_processed_day';
    await redis.command('SET', key, '5');
    const pending = Object.fromEntries(['3', '4', '5', '6'].map((day) => [day, 'pending']));
    expect(await verdicts(place)).toEqual(pending);
    expect(await redis.command('GET', key)).toBe('5');

    const run = await place.daymark('run', '-q');
    expect(run).toMatchObject({ code: 78, stdout: '' });
    expect(run.stderr).toMatch(/a folder with one part file, as Spark writes it/);
    expect(run.stderr).toMatch(/^ {4,}awk .* && mv .* && mv .*$/m);
  });

  it('names the part and the line that cannot be read', async () => {
    const place = await madeWeek();
    await madeBySpark(place, [['0'], ['1']]);
    const part = join(place.outputFile, 'part-00001-f91ad07e-c000.csv');
    await appendFile(part, '1,9,tea,some\n');
    const { code, stdout, stderr } = await place.daymark('verify', '-q');
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain(`${part}: line 6: column "items_count": "some" is not a whole number`);

    await rename(part, `${part}.parquet`);
    expect(await place.daymark('verify', '-q')).toMatchObject({ code: 78 });
  });
});
