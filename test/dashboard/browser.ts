/**
 * Debian's Chromium, one for a test file, with a fresh profile and a fresh context for each page. A page
 * fails its test when anything was logged as an error, such as a breach of the content security policy.
 */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { patience } from '../support/eventually.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const found = existsSync(executablePath);

/** Where Chromium is missing the tests are skipped, and say so; `.ci/run` installs it. */
export const inBrowser = describe.skipIf(!found);
if (!found) {
  process.stderr.write(
    `Skipped: the dashboard's tests need Chromium at ${executablePath}, or at the path in CHROMIUM.\n`,
  );
}

export interface PageWish extends BrowserContextOptions {
  /** What the browser may log as errors, such as answers that a test provokes. */
  readonly mayLog?: RegExp;
}

export function useBrowser(): { open(url: string, wish?: PageWish): Promise<Page> } {
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    open: async (url, { mayLog = /^$/, ...wish } = {}) => {
      if (browser === null) throw new Error('no browser was started');
      const context = await browser.newContext({ reducedMotion: 'reduce', ...wish });
      context.setDefaultTimeout(8_000 * patience);
      const page = await context.newPage();
      const errors = watchErrors(page, mayLog);
      onTestFinished(async () => {
        await context.close();
        expect(errors).toEqual([]);
      });
      await page.goto(url);
      return page;
    },
  };
}

/** A stream of events that this service does not have is no error: the page then asks for the run. */
const harmless = /\/events$/;

function watchErrors(page: Page, mayLog: RegExp): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error.stack)));
  page.on('console', (message) => {
    const text = `${message.text()} ${message.location().url}`;
    const expected = harmless.test(text) || (mayLog.source !== '^$' && mayLog.test(text));
    if (message.type() === 'error' && !expected) errors.push(text);
  });
  return errors;
}
