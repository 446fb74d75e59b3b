/** What a person should know though nothing failed: at the top of the page, and never under a fold. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTempDir } from '../support/temp-dir.js';
import { inBrowser, useBrowser } from './browser.js';
import { setScene } from './scene.js';

inBrowser('the headline', () => {
  const browser = useBrowser();

  it('tells of rows of someone else, of folders that are no days, and that no day is left', async () => {
    const folder = join(await makeTempDir(), 'processed');
    await mkdir(folder);
    const output = join(folder, 'orders.csv');
    await writeFile(output, 'day_of_week,hour_of_day,category,items_count\n0,8,oat milk,9\n');
    const scene = await setScene({ layout: 'index', env: { DAYMARK_OUTPUT_FILE: output } });
    await scene.land('0', [3]);
    await scene.landNothing('day=1');

    const strangers = 'ntries of the raw root are not days of this dataset';
    const page = await browser.open(scene.url);
    await page.getByRole('heading', { name: `1 day pending; e${strangers}` }).waitFor();
    const verdict = page.locator('.verdict-words');
    expect(await verdict.textContent()).toContain('is left out: day=1 (did you mean 1?).');
    expect(await verdict.textContent()).toContain('Pending: 1 not yet compared with raw files.');
    await page.locator('.cell[data-day="0"][data-state="unverified"]').click();
    const panel = page.getByRole('dialog');
    await panel.getByText('another program; the next run compares it with its raw files').waitFor();
    await page.keyboard.press('Escape');
    const checkpoint = page.getByRole('region', { name: 'Checkpoint' });
    await checkpoint.getByText('Complete through no day: 0 is unverified.').waitFor();

    await page.getByRole('button', { name: 'Run 1 pending day' }).click();
    await page.getByRole('heading', { name: `E${strangers}; the rest is up to date` }).waitFor();
    expect(await verdict.textContent()).toContain('is left out: day=1 (did you mean 1?).');
    expect(await checkpoint.textContent()).not.toContain('Complete through');

    await scene.removeRaw('0');
    const none = 'No day was found: 1 entry of the raw root is not a day';
    await page.getByRole('heading', { name: none }).waitFor();
    expect(await page.getByRole('button', { name: 'No day to run' }).isDisabled()).toBe(true);
  });

  it('tells of another service that keeps the same output with other settings', async () => {
    const folder = await makeTempDir();
    const env = { DAYMARK_OUTPUT_FILE: join(folder, 'orders.csv') };
    const other = await setScene({ env: { ...env, DAYMARK_IGNORED_COLUMNS: 'order_id,eggs' } });
    await other.land('2026-11-01', [3]);
    expect(await other.run()).toBe(200);
    const scene = await setScene({ env });
    const page = await browser.open(scene.url, { viewport: { width: 390, height: 844 } });
    await page.getByRole('heading', { name: 'The output was made with other settings' }).waitFor();
    const verdict = page.locator('.verdict');
    expect(await verdict.getAttribute('data-mood')).toBe('bad');
    expect(await verdict.textContent()).toContain(
      'DAYMARK_IGNORED_COLUMNS also had eggs, and lacked ',
    );
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(390);
  });
});
