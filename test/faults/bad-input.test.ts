/**
 * Hostile raw data, from the folder to the answer: each bad day fails with its exact problems, the other
 * days of the run are committed, nothing hangs, and once the bad file is gone a run succeeds.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { asNobody, canBeRefused } from '../raw/permissions.js';
import { judgedMs } from '../support/judged-time.js';
import { outputHeader, startTestService, type TestService } from '../support/service.js';
import {
  type BadDay,
  badDays3,
  badDays as badFiles,
  ignoredEntries,
  repeatedFiles,
} from './bad-input-corpus.js';

let tried = 0;
afterAll(() => {
  process.stdout.write(`Hostile raw days tried: ${tried}.\n`);
});

const badDays = [...badFiles, ...repeatedFiles];
const longestRunMs = 20_000;
const goodRows = [[5, { x: 1 }]] as const;

/** Bad days at even numbers, good ones at odd numbers between them. */
const dayOf = (index: number) => String(2 * index);
const goodDays = badDays
  .map((_, index) => String(2 * index + 1))
  .filter((_, index) => index % 9 === 0);

const outputOf = (days: readonly string[]) =>
  outputHeader +
  [...days]
    .sort((a, b) => Number(a) - Number(b))
    .map((day) => `${day},5,x,1\n`)
    .join('');

async function plant({ rawDir }: TestService, day: string, bad: BadDay): Promise<void> {
  const folder = join(rawDir, day);
  await mkdir(folder, { recursive: true });
  await bad.plant(folder);
  tried += 1;
}

interface DayAnswer {
  readonly day: string;
  readonly outcome: string;
  readonly error?: { readonly detail: string } | null;
  readonly lastError?: { readonly detail: string } | null;
}

/** What is wrong with each day, by what was planted there. */
function errorsOf(answers: readonly DayAnswer[], key: 'error' | 'lastError') {
  const byDay = new Map(answers.map((answer) => [answer.day, answer[key] ?? null]));
  return Object.fromEntries(
    badDays.map(({ what }, index) => {
      const { detail = null, ...error } = byDay.get(dayOf(index)) ?? {};
      return [what, { ...error, told: detail !== null }];
    }),
  );
}

const expectedErrors = Object.fromEntries(
  badDays.map(({ what, code, problems }) => [
    what,
    { code, problems, problemCount: problems.length, told: true },
  ]),
);

it('is more than sixty hostile days, each with a name of its own', () => {
  expect(badDays.length + badDays3.length).toBeGreaterThan(60);
  expect(Object.keys(expectedErrors)).toHaveLength(badDays.length);
});

describe.each(['scan', 'csv'] as const)('with the engine %s', (engine) => {
  it('every bad day fails by itself, and is well once its files are', {
    timeout: 90_000,
  }, async () => {
    const service = await startTestService({ env: { DAYMARK_ENGINE: engine } });
    for (const [index, bad] of badDays.entries()) await plant(service, dayOf(index), bad);
    for (const day of goodDays) await service.land(day, [...goodRows]);

    const { status, body } = await service.run();
    expect(status).toBe(422);
    expect(judgedMs(body.run.durationMs)).toBeLessThan(longestRunMs);
    expect(errorsOf(body.run.days, 'error')).toEqual(expectedErrors);
    expect(errorsOf((await service.get('/v1/days')).body.days, 'lastError')).toEqual(
      expectedErrors,
    );
    const added = body.run.days.filter(({ outcome }: DayAnswer) => outcome === 'added');
    expect(added.map(({ day }: DayAnswer) => day)).toEqual(goodDays);
    expect(await service.output()).toBe(outputOf(goodDays));

    const mended = badDays.map((_, index) => dayOf(index));
    for (const day of mended) {
      await service.removeRaw(day);
      await service.land(day, [...goodRows]);
    }
    expect((await service.run()).body).toMatchObject({ status: 'succeeded', error: null });
    expect(await service.output()).toBe(outputOf([...goodDays, ...mended]));
    const { body: after } = await service.get('/v1/days?state=new,late,changed,damaged');
    expect(after.days).toEqual([]);
  });

  it('a day column that is not its folder’s day fails the day', async () => {
    const service = await startTestService({ env: { DAYMARK_ENGINE: engine } });
    for (const bad of badDays3) {
      await service.removeRaw('3');
      await plant(service, '3', bad);
      const { status, body } = await service.run();
      const { code, problems } = bad;
      const error = { code, problems, problemCount: problems.length };
      expect({ what: bad.what, status, days: body.run.days }).toMatchObject({
        what: bad.what,
        status: 422,
        days: [{ day: '3', outcome: 'failed', error }],
      });
      expect((await service.get('/v1/days/3')).body.lastError).toMatchObject(error);
    }
    expect(badDays3.length).toBeGreaterThan(5);
  });
});

it('what is no day is ignored by name, and holds nothing up', async () => {
  const service = await startTestService();
  await service.land('3', [...goodRows]);
  for (const { name, plant: plantAt } of ignoredEntries) await plantAt(join(service.rawDir, name));
  expect((await service.run()).body).toMatchObject({ status: 'succeeded', days: [{ day: '3' }] });
  const { body } = await service.get('/v1/days');
  const told = ({ name, reason }: { name: string; reason: string }) => [name, reason] as const;
  expect(new Map(body.ignored.map(told))).toEqual(new Map(ignoredEntries.map(told)));
  expect(body.days.map(({ day }: DayAnswer) => day)).toEqual(['3']);
  expect(await service.output()).toBe(outputOf(['3']));
});

it('names that do not count leave a day waiting, and never become paths', async () => {
  const service = await startTestService();
  const folder = join(service.rawDir, '3');
  await mkdir(folder);
  for (const name of ['..csv', '...csv', '.a.csv', '_a.csv', 'a.csv.tmp', 'a.csv ', 'a.tsv']) {
    await writeFile(join(folder, name), 'junk');
  }
  // What is not read is told, and that there is no day is no success.
  const { run } = (await service.run()).body;
  expect(run).toMatchObject({ status: 'failed', days: [] });
  expect(run.error.detail).toMatch(/are not read: 3\/a\.csv , 3\/a\.csv\.tmp, 3\/a\.tsv\./);
  const { body } = await service.get('/v1/days/3');
  expect(body.state).toBe('waiting');
  expect(body.raw.unread.map(({ name }: { name: string }) => name)).toEqual([
    'a.csv ',
    'a.csv.tmp',
    'a.tsv',
  ]);
});

describe.each(['..', '%2e%2e', '..%2f..%2fetc', '3%00', '3%0a', '%EF%BC%93', '٣'])(
  'the day %j in an address',
  (day) => {
    it('is no day', async () => {
      const service = await startTestService();
      for (const path of [`/v1/days/${day}`, `/v1/days/${day}/receipt`, `/v1/output?day=${day}`]) {
        expect((await service.get(path)).status, path).toBeOneOf([400, 404]);
      }
    });
  },
);

describe.skipIf(!canBeRefused)('without permission', () => {
  const denied = 'permission denied (EACCES)';
  const table: [what: string, mode: number, at: string, file: string, message: string][] = [
    ['a file', 0, '3/a.csv', 'a.csv', `a.csv must not be read: ${denied}. Fix its permissions.`],
    ['a folder', 0, '3', '3', `The day's folder cannot be read: ${denied}. Fix its permissions.`],
    [
      'a folder whose files cannot be looked at',
      0o444,
      '3',
      'a.csv',
      `It cannot be accessed: ${denied}. Fix its permissions.`,
    ],
  ];

  it.each(table)('%s fails its day, and no other', async (_, mode, at, file, message) => {
    const service = await startTestService();
    await service.land('3', [...goodRows], 'a.csv');
    await service.land('4', [...goodRows]);
    await openTo(service);
    await chmod(join(service.rawDir, at), mode);
    const { status, body } = await asNobody(() => service.run());
    expect(status).toBe(422);
    const error = {
      code: 'raw-unreadable',
      problems: [{ file, line: null, column: null, value: null, message }],
      problemCount: 1,
    };
    expect(body.run.days).toMatchObject([
      { day: '3', outcome: 'failed', error },
      { day: '4', outcome: 'added' },
    ]);
    expect((await service.get('/v1/days/3')).body.lastError).toMatchObject(error);
    await chmod(join(service.rawDir, at), 0o755);
    expect((await service.run()).body.status).toBe('succeeded');
    expect(await service.output()).toBe(outputOf(['3', '4']));
  });
});

/** So that the service can go on while its process is somebody else. */
async function openTo({ root, folder }: TestService): Promise<void> {
  await chmod(root, 0o755);
  await rm(folder.checkpoint, { force: true });
  const { outputFolder, root: state, commits, staged, runs, backup } = folder;
  for (const path of [outputFolder, state, commits, staged, runs, backup]) await chmod(path, 0o777);
}
