/** Several datasets in one service: the overview of all, and the page of each. */
import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { definitionOf } from '../engine/columns/job.js';
import { startSeveral } from '../support/several.js';
import { seriousIn } from './axe.js';
import { inBrowser, useBrowser } from './browser.js';

const definition = definitionOf({
  dayKind: 'index',
  columns: { zone: 'text', n: 'integer' },
  by: ['zone'],
  measures: { trips: 'count()' },
});

/** One that is right, one with a failed day and a folder that is none, and one whose raw root is gone. */
async function startThree() {
  const trips = { layout: 'index', engine: 'csv', definition } as const;
  const service = await startSeveral({
    datasets: { orders: {}, trips, lost: {} },
    prepare: async ({ land }) => {
      await land('orders', '0', [[8, { milk: 1 }]]);
      await land('trips', '0', 'zone,n\na,1\n');
      await land('trips', '1', 'zone,n\na,two\n');
      await land('trips', 'day=2', 'zone,n\na,1\n');
    },
  });
  await service.run('orders');
  await service.run('trips');
  await rm(service.rawDirOf('lost'), { recursive: true });
  return service;
}

const glance = (page: Page, name: string) => page.getByRole('article', { name });

inBrowser('of several datasets', () => {
  const browser = useBrowser();

  it('the page shows each at a glance, what is wrong first, and leads to it by keyboard alone', async () => {
    const service = await startThree();
    const page = await browser.open(service.url);
    await page.getByRole('heading', { level: 1, name: '2 of 3 datasets need a look' }).waitFor();
    expect(await page.title()).toBe('All datasets · Daymark');
    expect(await glance(page, 'orders').textContent()).toMatch(
      /^ordersThe output is up to date1 processedCheckpoint0Last runsucceeded .*Last commit.*, commit 1Raw\//,
    );
    const trips = (await glance(page, 'trips').textContent()) ?? '';
    expect(trips).toMatch(
      /^trips1 day could not be processed; entries of the raw root are not days/,
    );
    for (const told of [
      'day=2 (did you mean 2?)',
      '1 failed last',
      '1 new',
      service.outputOf('trips'),
    ])
      expect(trips).toContain(told);
    const lost = (await glance(page, 'lost').textContent()) ?? '';
    expect(lost).toMatch(/^lostThe raw root cannot be read/);
    expect(lost).toContain(service.rawDirOf('lost'));
    expect(await seriousIn(page)).toEqual([]);

    for (let tabs = 0; ; tabs += 1) {
      expect(tabs).toBeLessThan(8);
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.textContent')) === 'trips') break;
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^1 day could not be processed/ }).waitFor();
    expect(page.url()).toBe(`${service.url}/?dataset=trips`);
  });

  it('each has a page with its name and places in sight, to be copied, and in the title', async () => {
    const service = await startThree();
    const page = await browser.open(`${service.url}/?dataset=trips`, {
      mayLog: /503/,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const [raw, output] = [service.rawDirOf('trips'), service.outputOf('trips')];
    const places = page.getByRole('region', { name: 'Where trips lies' });
    await places.getByText(output).waitFor();
    expect(await places.textContent()).toContain(raw);
    await expect.poll(() => page.title()).toMatch(/^trips · .* · Daymark$/);
    for (const place of [raw, output]) expect(await page.title()).toContain(place);
    await places.getByRole('button', { name: 'Copy the path of the output' }).click();
    await places.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(output);

    // What is opened keeps the dataset in the address, so that it can be sent to someone.
    await page.locator('.cell[data-day="1"]').click();
    await page.getByRole('dialog').getByText('Why it could not be processed').waitFor();
    expect(page.url()).toBe(`${service.url}/?dataset=trips#day=1`);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'All 3 datasets' }).click();
    await glance(page, 'lost').getByRole('link').click();
    await page.getByRole('alert').getByText('The raw root cannot be read').waitFor();
    expect(await page.getByRole('region', { name: 'Where lost lies' }).textContent()).toContain(
      service.outputOf('lost'),
    );
  }, 60_000);

  it('the overview asks one question at a time, and follows what happens', async () => {
    const service = await startThree();
    const page = await browser.open('about:blank');
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/v1/')) asked.push(pathname);
    });
    await page.goto(service.url);
    await glance(page, 'orders').getByText('The output is up to date').waitFor();
    asked.length = 0;
    await service.land('orders', '1', [[8, { milk: 1 }]]);
    await glance(page, 'orders').getByText('1 day pending').waitFor();
    expect(new Set(asked)).toEqual(new Set(['/v1/datasets']));
    await page.setViewportSize({ width: 340, height: 700 });
    expect(
      await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
  });
});
