/** What an operator does at night, in a real browser, against a real service with a real Redis. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { inBrowser, useBrowser } from './browser.js';
import { setScene } from './scene.js';

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const cell = (page: Page, day: string) => page.locator(`.cell[data-day="${day}"]`);
const dialog = (page: Page) => page.getByRole('dialog');

inBrowser('the dashboard', () => {
  const browser = useBrowser();

  it('shows every day by state, what is missing, and what is pending and why', async () => {
    const scene = await setScene();
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-05']) await scene.land(day, [2, 3]);
    expect(await scene.run()).toBe(200);
    await scene.removeRaw('2026-11-01');
    await scene.land('2026-11-02', [9]);
    await scene.land('2026-11-03', [1]);
    await scene.landNothing('2026-11-06');
    await scene.redis.command('SET', 'incremental:last_processed_day', '2026-11-02');

    const page = await browser.open(scene.url);
    await page.getByRole('heading', { name: '2 days pending' }).waitFor();
    const states = [
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
      '2026-11-04',
      '2026-11-05',
      '2026-11-06',
    ];
    const shown = await Promise.all(
      states.map((day) => cell(page, day).getAttribute('data-state')),
    );
    expect(shown).toEqual(['archived', 'changed', 'late', 'gap', 'processed', 'waiting']);
    // By shape, too: no two states share one.
    const shapes = await page
      .locator('.cell use')
      .evaluateAll((uses) => uses.map((use) => use.getAttribute('href')));
    expect(new Set(shapes).size).toBe(6);
    expect(await cell(page, '2026-11-03').getAttribute('aria-label')).toBe(
      '2026-11-03: late, pending',
    );

    const pending = await page
      .getByRole('region', { name: 'What is pending, and why' })
      .textContent();
    expect(pending).toContain('A later day is processed already, and the output does not hold it.');
    const checkpoint = page.getByRole('region', { name: 'Checkpoint' });
    expect(await checkpoint.textContent()).toContain(
      'Redis was behind at 2026-11-02; corrected to 2026-11-05.',
    );
    // The next look finds it right again; that it was wrong stays told.
    await checkpoint.getByText('Redis holds 2026-11-05, as the output says.').waitFor();
    expect(await checkpoint.textContent()).toMatch(/Last found wrong \d\d:\d\d: Redis was behind/);
  });

  it('runs what is pending, and shows how far it has come', async () => {
    const scene = await setScene({ layout: 'index', env: { DAYMARK_ENGINE: 'csv' } });
    const row = `1,8${',1'.repeat(60)}\n`;
    const header = `order_id,order_hour_of_day${Array.from({ length: 60 }, (_, c) => `,c${c}`).join('')}\n`;
    const text = header + row.repeat(12_000);
    for (let day = 0; day < 30; day += 1) await scene.landFile(String(day), text);

    const page = await browser.open(scene.url);
    await page.getByRole('button', { name: 'Run 30 pending days' }).click();
    const bar = page.getByRole('progressbar');
    await page
      .getByText(/\b(?:[1-9]|[12]\d) of 30 days · /)
      .first()
      .waitFor();
    const fraction = Number(await bar.first().getAttribute('value'));
    expect(fraction).toBeGreaterThan(0);
    expect(fraction).toBeLessThan(1);
    await page
      .getByRole('heading', { name: 'The output is up to date' })
      .waitFor({ timeout: 25_000 });
    expect(await page.getByLabel('Current run').textContent()).toContain('30 added');
    expect(await page.locator('.cell[data-state="processed"]').count()).toBe(30);
  });

  it('cancels a run, after asking', async () => {
    const scene = await setScene({ layout: 'index', env: { DAYMARK_ENGINE: 'csv' } });
    const row = `1,8${',1'.repeat(60)}\n`;
    const header = `order_id,order_hour_of_day${Array.from({ length: 60 }, (_, c) => `,c${c}`).join('')}\n`;
    for (let day = 0; day < 30; day += 1)
      await scene.landFile(String(day), header + row.repeat(12_000));

    const page = await browser.open(scene.url);
    await page.getByRole('button', { name: 'Run 30 pending days' }).click();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    expect(await dialog(page).textContent()).toContain('the output stays as it is');
    await dialog(page).getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByLabel('Current run').getByText('cancelled').waitFor();
    await page.getByRole('button', { name: 'Run 30 pending days' }).waitFor();
    expect(await scene.get('/v1/checkpoint')).toMatchObject({ day: null });
  });

  it('opens a failed day: file, line, column and value', async () => {
    const scene = await setScene();
    await scene.land('2026-11-01', [2]);
    await scene.land('2026-11-02', [2, 'two']);
    expect(await scene.run()).toBe(422);

    const page = await browser.open(scene.url);
    expect(await heading(page)).toBe('1 day could not be processed');
    await cell(page, '2026-11-02').click();
    const error = dialog(page).getByRole('table', { name: '' }).first();
    expect(await error.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual([
      'orders.csv',
      '3',
      'oat milk',
      'two',
      expect.stringContaining('it must be a count'),
    ]);
    // What is opened has an address; Escape and Back lead out of it.
    expect(page.url()).toBe(`${scene.url}/#day=2026-11-02`);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.goBack();
    await dialog(page).waitFor();
  });

  it('shows raw files, rows and origin of a processed day', async () => {
    const scene = await setScene();
    await scene.land('2026-11-01', [2, 3]);
    await scene.run();
    const day = (await scene.get('/v1/days/2026-11-01')) as { output: { sha256: string } };

    const page = await browser.open(`${scene.url}/#day=2026-11-01`);
    await dialog(page).getByText(day.output.sha256).waitFor();
    const text = (await dialog(page).textContent()) ?? '';
    for (const fact of ['orders.csv', '2026-09-21 ', 'the scan engine, from 2 records'])
      expect(text).toContain(fact);
  });

  it('a dry run shows its differences, and changes nothing', async () => {
    const scene = await setScene();
    await scene.land('2026-11-01', [2, 3]);
    await scene.run();
    await scene.land('2026-11-01', [2, 5, 1]);
    await scene.land('2026-11-02', [4]);

    const page = await browser.open(scene.url);
    await page.getByRole('button', { name: 'Dry run…' }).click();
    await dialog(page).getByText('It processes 2 days').waitFor();
    await dialog(page).getByRole('button', { name: 'Start the dry run' }).click();
    const table = dialog(page).getByRole('region', { name: 'Days of the run' });
    await table.getByText('2 rows more, 1 row with other counts').waitFor();
    expect(await table.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual([
      '2026-11-01',
      'would be replaced was changed',
      '2 rows more, 1 row with other counts',
      '7',
      '11',
    ]);
    expect(await scene.get('/v1/checkpoint')).toMatchObject({ output: { version: 1 } });
    // From there it is one step to do it.
    await dialog(page).getByRole('button', { name: 'Run these days for real…' }).click();
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.getByRole('heading', { name: 'The output is up to date' }).waitFor();
  });

  it('rewinds after saying exactly what will happen, then runs again', async () => {
    const scene = await setScene();
    for (const day of ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'])
      await scene.land(day, [1]);
    await scene.run();
    await scene.removeRaw('2026-11-03');

    const page = await browser.open(scene.url);
    await page.getByRole('button', { name: 'Rewind…' }).click();
    await dialog(page).getByLabel('Set the checkpoint to').selectOption('2026-11-01');
    const told = (await dialog(page).textContent()) ?? '';
    expect(told).toContain('The checkpoint goes from 2026-11-04 to 2026-11-01.');
    expect(told).toMatch(/Made again2026-11-022026-11-04Left as they are2026-11-03/);
    expect(await scene.get('/v1/checkpoint')).toMatchObject({ day: '2026-11-04' });

    await dialog(page).getByRole('button', { name: 'Rewind to 2026-11-01' }).click();
    await dialog(page).getByText('2 days will be made again by the next run').waitFor();
    // The archived day stays processed, so the checkpoint rests on it.
    expect(await scene.get('/v1/days?state=rewound')).toMatchObject({
      days: [{ day: '2026-11-02' }, { day: '2026-11-04' }],
    });
    await dialog(page).getByRole('button', { name: 'Run what is pending' }).click();
    await page.getByRole('heading', { name: 'The output is up to date' }).waitFor();
    expect(await scene.get('/v1/checkpoint')).toMatchObject({ day: '2026-11-04' });
  });

  it('runs days that were chosen in the strip', async () => {
    const scene = await setScene({ layout: 'index' });
    for (const day of ['0', '1', '2', '3']) await scene.land(day, [1]);
    const page = await browser.open(scene.url);
    await page.getByRole('button', { name: 'Choose days' }).click();
    await cell(page, '1').click();
    await cell(page, '3').click({ modifiers: ['Shift'] });
    await page.getByText('3 days: 1..3').waitFor();
    await page.getByRole('button', { name: 'Run them…' }).click();
    await dialog(page).getByText('It processes 3 days').waitFor();
    await dialog(page).getByRole('button', { name: 'Start the run' }).click();
    await page.getByRole('heading', { name: '1 day pending' }).waitFor();
    expect(await cell(page, '0').getAttribute('data-state')).toBe('late');
  });

  it('draws the output, and filters it by category', async () => {
    const scene = await setScene();
    await scene.land('2026-11-01', [2, 3]);
    await scene.run();
    const page = await browser.open(scene.url);
    const heat = page.getByRole('table', { name: 'items_count by day and hour_of_day' });
    const cell = (items: number) =>
      heat.locator(`td[data-words="2026-11-01, hour_of_day 9: items_count ${items}"]`).waitFor();
    await cell(4);
    await page.getByRole('button', { name: 'oat milk 5' }).click();
    await cell(3);
    await page.getByRole('button', { name: 'oat milk 5' }).click();
    await cell(4);
  });

  it('says so when the service is gone', async () => {
    const scene = await setScene();
    await scene.land('2026-11-01', [1]);
    const page = await browser.open(scene.url, { mayLog: /Failed to load|ERR_/ });
    await page.getByRole('heading', { name: '1 day pending' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('alert').getByText('Daymark does not answer').waitFor();
    await page.context().setOffline(false);
    await eventually(async () => expect(await page.getByRole('alert').count()).toBe(0), 8_000);
  });
});
