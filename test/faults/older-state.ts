/** A state as older versions kept it: in `_daymark/` itself, in records that name no output. */
import { readdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateFolder } from '../../src/output/state-folder.js';

/** What records of the third format say, and none before. */
const unknownBefore = ['dataset', 'output', 'settings', 'raw', 'columns', 'shape', 'file'];
const unknownOfDays = ['adopted', 'definition', 'totals', 'records'];

/** Turns the state of an output into what an older version would have left. */
export async function makeOlder({ root, shared }: StateFolder): Promise<void> {
  for (const name of await readdir(root)) await rename(join(root, name), join(shared, name));
  await rmdir(root);
  const commits = join(shared, 'commits');
  for (const name of await readdir(commits)) {
    const path = join(commits, name);
    await writeFile(path, olderRecord(await readFile(path, 'utf8')));
  }
}

type Stored = Record<string, unknown>;

function olderRecord(text: string): string {
  const { days, ...header } = JSON.parse(text) as Stored & { readonly days: readonly Stored[] };
  const older = { ...without(header, unknownBefore), format: 2 };
  return JSON.stringify({ ...older, days: days.map(olderDay) });
}

/** Before the fourth format a day had the total of its one measure. */
function olderDay(day: Stored): Stored {
  const { items_count: items } = day['totals'] as Stored;
  return { ...without(day, unknownOfDays), items, orders: day['records'] };
}

const without = (object: Stored, names: readonly string[]): Stored =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
