/** Pictures that follow a definition: its keys, its measures, and days that are not as they should be. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { definitionOf } from '../engine/columns/job.js';
import { startSeveral } from '../support/several.js';
import { seriousIn } from './axe.js';
import { inBrowser, useBrowser } from './browser.js';

const columns = { zone: 'text', at: 'timestamp', fare: 'decimal(12,2)?' };
const measures = { trips: 'count()', fare: 'sum(fare)', mean: 'avg(fare, 2)' };
const day = (date: string, rows: readonly string[]) =>
  `zone,at,fare\n${rows.map((row) => row.replace('T', `${date}T`)).join('\n')}\n`;
const rows = ['north,T08:00:00Z,1.50', 'north,T08:30:00Z,2.25', 'south,T20:00:00Z,-8'];

async function openTrips(by: readonly string[], raw: Readonly<Record<string, readonly string[]>>) {
  const definition = definitionOf({ dayKind: 'date', columns, by, measures });
  const service = await startSeveral({
    datasets: { trips: { layout: 'date', engine: 'csv', definition } },
    prepare: async ({ land }) => {
      for (const [date, lines] of Object.entries(raw)) await land('trips', date, day(date, lines));
    },
  });
  await service.run('trips');
  return service;
}

const pictures = (page: Page) => page.getByRole('region', { name: 'The output' });
/** Once they are there: they are asked for apart from the heat map. */
async function bars(page: Page, name: string): Promise<string[]> {
  const all = pictures(page).getByRole('list', { name }).getByRole('listitem');
  await all.first().waitFor();
  return all.allTextContents();
}
const cell = (page: Page, words: string) => page.locator(`td[data-words="${words}"]`).waitFor();
const groceries = /\b(orders?|items?|categor\w+|hour_of_day|ignored columns)\b/i;

inBrowser('pictures', () => {
  const browser = useBrowser();

  it('follow keys and measures, and mark gaps and days that are not as they should be', async () => {
    const service = await openTrips(['zone', 'hour: hour(at)'], {
      '2026-11-01': rows,
      '2026-11-02': rows,
      '2026-11-05': rows,
      '2026-11-06': ['north,T08:00:00Z,x'],
    });
    await service.land('trips', '2026-11-02', day('2026-11-02', ['north,T09:00:00Z,1']));
    const page = await browser.open(service.url);
    await cell(page, '2026-11-01, hour 8: trips 2');
    expect(await bars(page, 'trips by zone')).toEqual(['north6', 'south3']);
    const drawn = (await pictures(page).textContent()) ?? '';
    expect(drawn).toContain('mean is not drawn: 1 measure whose values cannot be added up.');
    expect(drawn).toContain('Changed: 2026-11-02; failed: 2026-11-06.');
    expect(drawn).toContain('On grey: 2 days missing.');
    const heat = page.getByRole('table', { name: 'trips by day and hour' });
    const told = await heat
      .getByRole('row')
      .evaluateAll((all) =>
        all.slice(1).map((row) => row.textContent?.replace(/(?<=20..-..-..)0.*/, '')),
      );
    expect(told).toEqual([
      ...['2026-11-01', expect.stringMatching(/^2026-11-02changed0/), '2 days missing'],
      ...['2026-11-05', '2026-11-06failedfailed: no rows'],
    ]);

    await page.getByLabel('What is drawn').selectOption('fare');
    await cell(page, '2026-11-01, hour 20: fare -8');
    expect(await bars(page, 'fare by zone')).toEqual(['north11.25', 'south-24']);
    await page.getByRole('button', { name: 'south' }).click();
    await cell(page, '2026-11-01, hour 8: fare 0');
    await page.getByLabel('Bars by').selectOption('hour');
    await cell(page, '2026-11-01, hour 8: fare 3.75');
    expect(await bars(page, 'fare by hour')).toEqual(['811.25', '20-24']);
    await page.getByLabel('What is drawn').selectOption('Records');
    await pictures(page).getByText('Records are counted for each day').waitFor();
    expect(await page.getByRole('img', { name: /^Records of each day. Least 3/ }).count()).toBe(1);
    expect(await page.locator('main').textContent()).not.toMatch(groceries);
    expect(await seriousIn(page)).toEqual([]);
  }, 60_000);

  it('draw thousands of values as the largest ones, and what the others come to', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `z${index},T08:00:00Z,1`);
    const service = await openTrips(['zone'], { '2026-11-01': [...many, 'z7,T09:00:00Z,1'] });
    const page = await browser.open(service.url);
    await pictures(page).getByText('2,800 other values, not drawn: trips 2,800 in all.').waitFor();
    const shown = await bars(page, 'trips by zone');
    expect([shown[0], shown.length]).toEqual(['z72', 12]);
    await page.getByRole('button', { name: 'Show the first 200' }).click();
    expect(await bars(page, 'trips by zone')).toHaveLength(200);
    expect(await page.locator('.heat').count()).toBe(0);
  });

  it('without keys are of days alone', async () => {
    const service = await openTrips([], { '2026-11-01': rows, '2026-11-02': rows });
    await rm(join(service.rawDirOf('trips'), '2026-11-02'), { recursive: true });
    const page = await browser.open(service.url);
    await page.getByRole('img', { name: 'trips of each day. Least 3 (2026-11-01)' }).waitFor();
    expect(await page.locator('.pictures, .window-tools').count()).toBe(0);
    expect(await page.locator('main').textContent()).not.toMatch(groceries);
  });
});
