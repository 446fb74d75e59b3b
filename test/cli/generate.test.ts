import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/cli.js';
import { recordOutput } from './recorded-output.js';

const committedRoot = join(import.meta.dirname, '../../data/incremental/raw');
const week = ['0', '1', '2', '3', '4', '5', '6'];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daymark-sample-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(...args: string[]) {
  const [out, err] = [recordOutput(), recordOutput()];
  const console = { out: out.output, err: err.output };
  const exitCode = await runCli({ env: {}, console, args: ['generate', ...args] });
  return { exitCode, said: out.text(), complaint: err.text() };
}

const fileIn = (root: string, day: string) => join(root, day, `orders_${day}.csv`);

describe('daymark generate', () => {
  it('makes the sample that is committed', async () => {
    expect(await run('--out', folder)).toMatchObject({ exitCode: 0, complaint: '' });
    expect(await readdir(folder)).toEqual(week);
    for (const day of week) {
      const [made, committed] = await Promise.all([
        readFile(fileIn(folder, day), 'utf8'),
        readFile(fileIn(committedRoot, day), 'utf8'),
      ]);
      expect(made === committed, `the committed sample of day ${day} is not what it makes`).toBe(
        true,
      );
    }
  });

  it('leaves the file and nothing beside it', async () => {
    await run('--out', folder, '--days', '4');
    expect(await readdir(join(folder, '4'))).toEqual(['orders_4.csv']);
  });

  it('takes days as a range or a list, and a number of orders', async () => {
    await run('--out', folder, '--days', '9..11', '--orders', '2');
    await run('--out', folder, '--days', '3,20,3', '--orders', '2');
    expect((await readdir(folder)).map(Number).sort((a, b) => a - b)).toEqual([3, 9, 10, 11, 20]);
    expect((await readFile(fileIn(folder, '10'), 'utf8')).match(/\n/g)).toHaveLength(3);
  });

  it('takes dates in the date layout', async () => {
    const dates = ['--layout', 'date', '--days', '2028-02-28..2028-03-01'];
    expect(await run('--out', folder, ...dates)).toMatchObject({ exitCode: 0 });
    expect(await readdir(folder)).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  });

  it('does not touch a file that is the same already', async () => {
    await run('--out', folder, '--days', '0');
    const before = await stat(fileIn(folder, '0'), { bigint: true });
    expect((await run('--out', folder, '--days', '0')).said).toContain('unchanged');
    const after = await stat(fileIn(folder, '0'), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it('replaces a file that holds something else only when told to', async () => {
    await run('--out', folder, '--days', '0');
    await writeFile(fileIn(folder, '0'), 'mine\n');

    const refused = await run('--out', folder, '--days', '0');
    expect(refused.exitCode).toBe(2);
    expect(refused.complaint).toMatch(/orders_0\.csv holds something else; --force replaces it\./);
    expect(await readFile(fileIn(folder, '0'), 'utf8')).toBe('mine\n');
    expect(await readdir(join(folder, '0'))).toEqual(['orders_0.csv']);

    expect(await run('--out', folder, '--days', '0', '--force')).toMatchObject({ exitCode: 0 });
    expect(await readFile(fileIn(folder, '0'), 'utf8')).toMatch(/^order_id,/);
  });

  it('says when it cannot write', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { exitCode, complaint } = await run('--out', file);
    expect(exitCode).toBe(3);
    expect(complaint).toMatch(/cannot be used\n.*ENOTDIR/);
  });

  it.each([
    [['--seed', 'x'], '--seed is a whole number from 0 to 4294967295, not "x".'],
    [['--seed', '4294967296'], '--seed is a whole number from 0 to 4294967295'],
    [['--orders', '1e3'], '--orders is a whole number'],
    [['--days', '3..1'], '--days 3..1 ends before it begins.'],
    [['--days', '1..2..3'], '--days "1..2..3" is not a range'],
    [['--days', '0..99999'], '--days takes at most 10000 days.'],
    [['--days', '0,,1'], '--days holds "", which is not a day'],
    [['--days', '../../etc'], '--days "../../etc" is not a range'],
    [['--days', '2026-11-23'], '--days holds "2026-11-23", which is not a day'],
    [['--layout', 'weekly'], 'Argument: layout, Given: "weekly", Choices: "index", "date"'],
    [['--layout', 'date'], '--layout date needs --days too'],
    [['--out', ''], '--out is empty'],
    [['--bogus'], 'Unknown argument: bogus'],
    [['--seed'], 'Not enough arguments following: seed'],
    [['extra'], 'Unknown argument: extra'],
  ])('answers a mistake with a sentence and exit status 2: %j', async (args, sentence) => {
    const { exitCode, said, complaint } = await run('--out', folder, ...args);
    expect(exitCode).toBe(2);
    expect(said).toBe('');
    expect(complaint).toContain(sentence);
    expect(await readdir(folder)).toEqual([]);
  });
});
