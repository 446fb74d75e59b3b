/** For everyone: by keyboard alone, by screen reader (as axe judges), on a phone, and over ten years of days. */
import { expect, it } from 'vitest';
import { judgedMs } from '../support/judged-time.js';
import { seriousIn } from './axe.js';
import { inBrowser, useBrowser } from './browser.js';
import { type Scene, setScene } from './scene.js';

/** Days in every state but `damaged`, and a run that failed. */
async function everything(): Promise<Scene> {
  const scene = await setScene();
  for (const day of ['2026-11-01', '2026-11-02', '2026-11-05', '2026-11-06'])
    await scene.land(day, [2, 3]);
  await scene.run();
  await scene.removeRaw('2026-11-01');
  await scene.land('2026-11-02', [9]);
  await scene.land('2026-11-03', [1]);
  await scene.land('2026-11-07', ['two']);
  await scene.run({ days: ['2026-11-07'] });
  await scene.landNothing('2026-11-08');
  return scene;
}

inBrowser('the dashboard', () => {
  const browser = useBrowser();

  it.each(['light', 'dark'] as const)(
    'gives axe nothing serious to find (%s)',
    async (colorScheme) => {
      const scene = await everything();
      const page = await browser.open(scene.url, { colorScheme });
      await page.locator('.heat td[data-words]').first().waitFor({ state: 'attached' });
      expect(await seriousIn(page)).toEqual([]);
      await page.goto(`${scene.url}/#day=2026-11-07`);
      await page.getByRole('dialog').getByText('Why it could not be processed').waitFor();
      expect(await seriousIn(page)).toEqual([]);
      await page.keyboard.press('Escape');
      for (const question of ['Rewind…', 'Run days…', 'Dry run…']) {
        await page.getByRole('button', { name: question }).click();
        await page.getByRole('dialog').waitFor();
        expect([question, await seriousIn(page)]).toEqual([question, []]);
        await page.keyboard.press('Escape');
      }
    },
  );

  it('follows the system’s colours, unless told otherwise', async () => {
    const scene = await setScene();
    const page = await browser.open(scene.url, { colorScheme: 'dark' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await ground()).toBe('rgb(20, 23, 26)');
    await page.getByLabel('Colours').selectOption('light');
    expect(await ground()).toBe('rgb(246, 246, 243)');
    await page.reload();
    expect(await ground()).toBe('rgb(246, 246, 243)');
  });

  it('is used by keyboard alone: find a day, open it, run it', async () => {
    const scene = await setScene();
    for (const day of ['2026-10-31', '2026-11-01', '2026-11-02']) await scene.land(day, [1]);
    const page = await browser.open(scene.url);
    await page.getByRole('heading', { name: '3 days pending' }).waitFor();
    const focused = () =>
      page.evaluate<string | null>(
        'document.activeElement.dataset.day ?? document.activeElement.textContent',
      );
    for (let tabs = 0; (await focused()) !== '2026-11-02'; tabs += 1) {
      expect(tabs).toBeLessThan(25);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('2026-10-31');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let tabs = 0; (await focused()) !== 'Run this day…'; tabs += 1) {
      expect(tabs).toBeLessThan(5);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Run days' }).waitFor();
    for (let tabs = 0; (await focused()) !== 'Start the run'; tabs += 1) {
      expect(tabs).toBeLessThan(8);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Its rows are up to date').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('2026-10-31');
    await page.getByRole('heading', { name: '2 days pending' }).waitFor();
  });

  it('fits a phone without scrolling sideways', async () => {
    const scene = await everything();
    const page = await browser.open(scene.url, { viewport: { width: 340, height: 700 } });
    await page.locator('.heat td[data-words]').first().waitFor({ state: 'attached' });
    const overflow = () =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(await overflow()).toBe(0);
    await page.locator('.cell[data-day="2026-11-07"]').click();
    await page.getByRole('dialog').waitFor();
    expect(
      await page.getByRole('dialog').evaluate((panel) => panel.scrollWidth - panel.clientWidth),
    ).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Rewind…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await overflow()).toBe(0);
  });

  it('shows ten years of days, each within reach', async () => {
    const scene = await setScene();
    const page = await browser.open('about:blank');
    const days = Array.from({ length: 3650 }, (_, index) =>
      new Date(Date.UTC(2016, 10, 28) + index * 86_400_000).toISOString().slice(0, 10),
    );
    // What the service would say of so many days; to write that many raw files would only take time.
    await scene.land('2026-11-25', [1]);
    const one = (await scene.get('/v1/days')) as { days: [object] };
    const newestFirst = days.toReversed().map((day) => ({ ...one.days[0], day }));
    const many = { ...one, days: newestFirst };
    await page.route(/\/v1\/days\?/, (route) => route.fulfill({ json: many }));
    await page.goto(scene.url);
    await page.getByText('3,650 days, 2016-11-28 to 2026-11-25').waitFor();
    expect(await page.locator('.cell').count()).toBe(3650);
    const started = performance.now();
    await page.locator('.cell[data-day="2026-11-25"]').focus();
    for (let year = 0; year < 11; year += 1) await page.keyboard.press('PageDown');
    await page.keyboard.press('Home');
    expect(await page.evaluate('document.activeElement.dataset.day')).toBe('2016-11-28');
    await page.locator('.cell[data-day="2016-11-28"]').waitFor({ state: 'visible' });
    expect(judgedMs(performance.now() - started)).toBeLessThan(5_000);
  });
});
