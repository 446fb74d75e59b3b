/** Signing in, in a real browser, against a real service that requires tokens. */
import type { Page, Request } from 'playwright-core';
import { expect, it } from 'vitest';
import { inBrowser, useBrowser } from './browser.js';
import { type Scene, setScene } from './scene.js';

const question = (page: Page) => page.getByRole('dialog', { name: 'A token is needed' });

async function enter(page: Page, token: string) {
  await question(page).getByLabel('Token').fill(token);
  await question(page).getByRole('button', { name: 'Sign in' }).click();
}

/** With one day. */
async function lockedScene(): Promise<Scene> {
  const env = { DAYMARK_READ_TOKEN: 'may-read', DAYMARK_OPERATE_TOKEN: 'may-operate' };
  const scene = await setScene({ env, token: 'may-operate' });
  await scene.land('2026-11-01', [1]);
  return scene;
}

/** Requests to the API that meet the condition are sent when the test lets them go. */
async function holdBack(page: Page, isHeld: (request: Request, token: string | null) => boolean) {
  const held: Request[] = [];
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/v1\//, async (route) => {
    const request = route.request();
    const { authorization = null } = await request.allHeaders();
    if (isHeld(request, authorization?.replace('Bearer ', '') ?? null)) {
      held.push(request);
      await gone;
    }
    await route.continue();
  });
  return async () => {
    letGo();
    for (const request of held) await (await request.response())?.finished();
    // The page has these answers before the one to a request that it sends now.
    await page.evaluate("fetch('/health/live').then((answer) => answer.text())");
    return held;
  };
}

inBrowser('the dashboard of a service with tokens', () => {
  const browser = useBrowser();

  it('asks for a token, keeps it for the tab, and says where it is not enough', async () => {
    const scene = await lockedScene();
    const page = await browser.open(scene.url, { mayLog: /40[13]/ });
    await enter(page, 'wrong');
    await question(page).getByText('The token is not one of ours.').waitFor();
    await enter(page, 'may-read');
    await page.getByRole('button', { name: 'Run 1 pending day' }).click();
    const note = page.getByRole('alert');
    expect(await note.textContent()).toMatch(
      /This token may only read.*cannot change anything.*PUT \/v1\/runs\/.*Use an operate token/,
    );
    await page.reload();
    await page.getByRole('heading', { name: '1 day pending' }).waitFor();
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await enter(page, 'may-operate');
    await page.getByRole('button', { name: 'Run 1 pending day' }).click();
    await page.getByRole('heading', { name: 'The output is up to date' }).waitFor();
  });

  it('does not ask again because of a late answer to an older token', async () => {
    const scene = await lockedScene();
    const page = await browser.open('about:blank', { mayLog: /40[13]/ });
    const letGo = await holdBack(
      page,
      (request, token) => token !== 'may-read' && !request.url().endsWith('/v1/checkpoint'),
    );
    await page.goto(scene.url);
    await enter(page, 'wrong');
    await question(page).getByText('The token is not one of ours.').waitFor();
    await enter(page, 'may-read');
    await page.getByRole('heading', { name: '1 day pending' }).waitFor();
    expect((await letGo()).length).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Run 1 pending day' }).click();
    await page.getByRole('alert').getByText('This token may only read').waitFor();
    expect(await question(page).count()).toBe(0);
  });

  it('says nothing of an older token while it looks with the new one', async () => {
    const scene = await lockedScene();
    const page = await browser.open('about:blank', { mayLog: /401/ });
    const letGo = await holdBack(
      page,
      (request, token) => token === 'may-read' && request.url().endsWith('/v1/runs?limit=15'),
    );
    await page.goto(scene.url);
    await enter(page, 'wrong');
    await question(page).getByText('The token is not one of ours.').waitFor();
    await enter(page, 'may-read');
    await page.getByRole('heading', { name: '1 day pending' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await letGo()).toHaveLength(1);
  });

  it('shows what was opened by its address as soon as it may', async () => {
    const scene = await lockedScene();
    await scene.run();
    const { runs } = (await scene.get('/v1/runs')) as { runs: [{ id: string }] };
    const page = await browser.open(`${scene.url}/#run=${runs[0].id}`, { mayLog: /401/ });
    await enter(page, 'may-read');
    const panel = page.getByRole('dialog');
    await panel.getByRole('region', { name: 'Days of the run' }).waitFor();
    expect(await panel.getByRole('alert').count()).toBe(0);
  });
});
