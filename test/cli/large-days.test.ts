/**
 * Days that are large, and many of them, in a process that has room for a few: what a run holds does not
 * grow with them. The heap is so small that the rows of all days would not fit into it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { soak } from '../faults/soak.js';
import { makePlace, type Place } from './daymark.js';

const heapMegabytes = 80;
/** The heap, the engine's threads, 64 MiB of days that wait for the commit, and one day on its way. */
const mostBytes = 400 << 20;
const days = Array.from({ length: soak ? 50 : 25 }, (_, day) => String(day));
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const categories = Array.from(
  { length: 834 },
  (_, index) =>
    `a category with a name as long as the longest in a shop with all that they say there ${index}`,
).sort();
const itemsOf = (day: string, hour: number, index: number) =>
  1 + ((Number(day) + hour + index) % 9);

function rawDay(day: string): string {
  const orders = hours.map((hour) =>
    [hour + 1, hour, ...categories.map((_, index) => itemsOf(day, hour, index))].join(),
  );
  return `${['order_id', 'order_hour_of_day', ...categories].join()}\n${orders.join('\n')}\n`;
}

function expectedSha256(): string {
  const hash = createHash('sha256').update('day_of_week,hour_of_day,category,items_count\n');
  for (const day of days) {
    for (const hour of hours) {
      const rows = categories.map(
        (category, index) => `${day},${hour},${category},${itemsOf(day, hour, index)}\n`,
      );
      hash.update(rows.join(''));
    }
  }
  return hash.digest('hex');
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path)) hash.update(block);
  return hash.digest('hex');
}

/** Tells the most memory that the process ever had, behind all else that it says. */
async function narrow(place: Place) {
  const hook = join(place.root, 'peak.mjs');
  await writeFile(
    hook,
    "process.on('exit', () => process._rawDebug('peak', process.resourceUsage().maxRSS));\n",
  );
  const options = `--max-old-space-size=${heapMegabytes} --import ${pathToFileURL(hook)}`;
  return async (...args: string[]) => {
    const { code, stdout, stderr } = await place.start(args, { NODE_OPTIONS: options }).ended;
    const peakBytes = 1024 * Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
    expect({ args, code, stderr }).toMatchObject({ code: 0 });
    expect(peakBytes).toBeLessThan(mostBytes);
    return stdout;
  };
}

it('half a million rows or more are told, made and compared in a small heap', {
  timeout: 600_000,
}, async () => {
  const place = await makePlace();
  for (const day of days) await place.land(day, rawDay(day));
  const command = await narrow(place);

  const told = JSON.parse(await command('run', '--dry-run', '--quiet', '--json'));
  expect(told.days).toHaveLength(days.length);
  expect(told.days[7]).toMatchObject({
    outcome: 'added',
    rows: 20_016,
    difference: { rowsAdded: 20_016, totalsBefore: { items_count: 0 } },
  });

  await command('run', '--quiet');
  expect(await sha256Of(place.outputFile)).toBe(expectedSha256());
  const state = join(place.root, 'processed', '_daymark', 'orders.csv');
  expect(await readdir(join(state, 'staged'))).toEqual([]);

  const { days: verdicts } = JSON.parse(await command('verify', '--quiet', '--json'));
  expect(verdicts.filter(({ verdict }: { verdict: string }) => verdict !== 'same')).toEqual([]);
});
