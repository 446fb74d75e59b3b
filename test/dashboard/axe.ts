/** Whether a screen reader can make sense of a page, as axe judges. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

interface Findings {
  readonly violations: readonly Violation[];
  readonly passes: readonly object[];
}

/** What axe finds that is serious or worse. */
export async function seriousIn(page: Page): Promise<string[]> {
  // By the debugger, which the page's content security policy does not bind.
  await page.evaluate(await readFile(axeFile, 'utf8'));
  const { violations, passes } = (await page.evaluate('axe.run()')) as Findings;
  // It has really looked.
  expect(passes.length).toBeGreaterThan(10);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}
