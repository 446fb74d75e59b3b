/** What `daymark verify` says of outputs that are right and wrong: no day too many, none too few. */
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    expect(stdout).toContain('Wrong: days 0, 1, 2, 3. 7 days compared: 3 same, 4 differs.');
    expect(stderr).toMatch(/^day 0 would be replaced: 2 orders, 8 items$/m);
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
    expect(stdout).toMatch(/^6 .*rows: 1 that raw does not have$/m);
    expect(stdout).toContain('Wrong: days 4, 5, 6.');

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

  it('compares by the reference engine as well', async () => {
    const place = await madeWeek();
    await appendAgain(place, ['6']);
    const { body, code } = await place.json('verify', '-q', '--engine', 'csv');
    expect(code).toBe(1);
    expect(body.days.at(-1)).toMatchObject({ day: '6', verdict: 'differs', times: 2 });
  });
});
