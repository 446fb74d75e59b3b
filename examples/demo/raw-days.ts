/** What other people's jobs do to the files: deliver days, spoil them, and append to the output. */
import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFolderOf } from '#daymark/output/state-folder.js';
import { usualOrders } from '#daymark/sample/generate-day.js';
import { writeDay } from '#daymark/sample/write-day.js';

export const week = ['0', '1', '2', '3', '4', '5', '6'];

/** Times the usual orders: enough that a run takes a moment. */
const busy = 3;

/** Another seed is another version of the same day. */
export async function land(rawDir: string, days: readonly string[], seed = 7): Promise<void> {
  for (const day of days) {
    const orders = busy * usualOrders(day, seed);
    await writeDay(rawDir, { day, seed, orders }, { replace: true });
  }
}

export interface BadCell {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly value: string;
}

/** Writes a word where a number belongs. */
export async function spoil(rawDir: string, day: string): Promise<BadCell> {
  const bad = { file: `orders_${day}.csv`, line: 42, column: 'bananas', value: 'three' };
  const path = join(rawDir, day, bad.file);
  const lines = (await readFile(path, 'utf8')).split('\n');
  const place = (lines[0] ?? '').split(',').indexOf(bad.column);
  const cells = (lines[bad.line - 1] ?? '').split(',');
  cells[place] = bad.value;
  lines[bad.line - 1] = cells.join(',');
  await writeFile(path, lines.join('\n'));
  return bad;
}

/** As a job does that lost its checkpoint: every row once more. Returns the hash of what is there then. */
export async function appendAgain(outputFile: string): Promise<string> {
  const text = await readFile(outputFile, 'utf8');
  await appendFile(outputFile, text.slice(text.indexOf('\n') + 1));
  return hashOfFile(outputFile);
}

/** The hashes of the outputs that Daymark kept because others had touched them. */
export async function keptCopies(outputFile: string): Promise<string[]> {
  const { backup } = stateFolderOf(outputFile);
  return Promise.all((await readdir(backup)).map((name) => hashOfFile(join(backup, name))));
}

async function hashOfFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
