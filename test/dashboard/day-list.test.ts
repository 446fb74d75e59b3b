/** How the page keeps its list of days, against a real service with thousands of them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClient } from '../../src/client/client.js';
import { createHttpTransport } from '../../src/client/http-transport.js';
import { createDayList, isWhole } from '../../src/dashboard/store/day-list.js';
import { startService } from '../http/support.js';

/** Days without raw files: they wait, and are quickly made. */
async function openList(count: number) {
  const { rawDir, address, writeDay } = await startService();
  const names = Array.from({ length: count }, (_, day) => String(day));
  for (const name of names) await mkdir(join(rawDir, name));
  const client = createClient(createHttpTransport({ url: address }));
  const asked: string[] = [];
  const list = createDayList({
    daysPage: async (page) => {
      const found = await client.daysPage(page);
      asked.push(found === null ? 'unchanged' : `${found.answer.days.length} days`);
      return found;
    },
  });
  const shown: string[] = [];
  list.days.subscribe((days) => {
    if (days !== null) shown.push(`${isWhole(days) ? 'all' : 'some'} ${days.days.length}`);
  });
  return { list, names, asked, shown, rawDir, writeDay };
}

it('shows the newest days at once, and has all of them in day order', async () => {
  const { list, names, asked, shown } = await openList(6_100);
  expect(await list.look()).toBe(true);
  expect(asked).toEqual(['1000 days', '5000 days', '100 days']);
  expect(shown).toEqual(['some 1000', 'some 6000', 'all 6100']);
  expect(list.days.value?.days.map(({ day }) => day)).toEqual(names);
  expect(list.days.value?.counts.waiting).toBe(6_100);
});

it('asks for nothing more while nothing has changed', async () => {
  const { list, asked, shown } = await openList(1_100);
  await list.look();
  const before = list.days.value;
  expect(await list.look()).toBe(false);
  expect(asked).toEqual(['1000 days', '100 days', 'unchanged']);
  expect(shown).toEqual(['some 1000', 'all 1100']);
  expect(list.days.value).toBe(before);
});

it('has what changed on a later page, and shows it in one go', async () => {
  const { list, shown, writeDay } = await openList(1_100);
  await list.look();
  await writeDay('3', [{ hour: 8, produce: 1 }]);
  expect(await list.look()).toBe(true);
  expect(list.days.value?.days[3]).toMatchObject({ day: '3', state: 'new' });
  expect(list.days.value?.days).toHaveLength(1_100);
  expect(shown).toEqual(['some 1000', 'all 1100', 'all 1100']);
});
