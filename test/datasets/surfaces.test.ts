/** The command line and the page, against a service with several datasets. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { makePlace } from '../cli/daymark.js';
import { inBrowser, useBrowser } from '../dashboard/browser.js';
import { startSeveral } from '../support/several.js';

const milk = [[8, { milk: 1 }]] as const;

const startBoth = () =>
  startSeveral({
    datasets: { orders: {}, visits: {} },
    prepare: async ({ land }) => {
      await land('orders', '0', milk);
      await land('visits', '0', milk);
      await land('visits', '1', milk);
    },
  });

it('commands are about the dataset that they name, and status is about all', async () => {
  const service = await startBoth();
  const place = await makePlace({ DAYMARK_URL: service.url });
  const run = await place.command('run', '--dataset', 'visits');
  expect(run.code, run.stderr).toBe(0);
  expect(await service.read('visits')).toContain('\n1,8,milk,1\n');
  await expect(readFile(service.outputOf('orders'))).rejects.toThrow('ENOENT');

  const byEnvironment = await makePlace({ DAYMARK_URL: service.url, DAYMARK_DATASET: 'visits' });
  expect((await byEnvironment.json('verify')).body).toMatchObject({ ok: true });
  expect((await byEnvironment.json('days')).body.days).toHaveLength(2);
  expect((await place.json('days')).body.days).toHaveLength(1);
  expect((await place.json('checkpoint', 'rewind', '0', '-y', '--dataset', 'visits')).body).toEqual(
    expect.objectContaining({ day: '0', marked: ['1'] }),
  );

  const all = await place.json('status');
  expect(all).toMatchObject({ code: 0, body: { ready: true } });
  expect(all.body.datasets).toMatchObject([
    { name: 'orders', pending: 1 },
    { name: 'visits', pending: 1 },
  ]);
  const told = await place.command('status');
  expect(told.stdout).toMatch(/^visits +1 +0 +0 +succeeded/m);
  const one = await place.json('status', '--dataset', 'visits');
  expect(one.body).toMatchObject({ checkpoint: { day: '0' }, pending: [{ day: '1' }] });

  const unknown = await place.command('days', '--dataset', 'visit');
  expect(unknown.code).toBe(4);
  expect(unknown.stderr).toContain('There is no dataset "visit". There are: orders, visits.');
  const noDay = await place.command('days', '7', '--dataset', 'visits');
  expect(noDay.stderr).toContain(`daymark days --dataset visits`);
}, 60_000);

inBrowser('the page', () => {
  const browser = useBrowser();

  it('shows and changes the dataset that its address names', async () => {
    const service = await startBoth();
    const page = await browser.open(`${service.url}/?dataset=visits`);
    await page.getByRole('heading', { name: '2 days pending' }).waitFor();
    expect(await page.getByRole('banner').textContent()).toContain('visits');
    await page.locator('.cell[data-day="1"]').click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    expect(page.url()).toBe(`${service.url}/?dataset=visits`);
    await service.run('visits');
    await page.getByRole('heading', { name: '2 days pending' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'All 2 datasets' }).click();
    await page.getByRole('heading', { name: '1 of 2 datasets needs a look' }).waitFor();
    await page.getByRole('link', { name: 'orders' }).click();
    await page.getByRole('heading', { name: '1 day pending' }).waitFor();
  }, 60_000);
});
