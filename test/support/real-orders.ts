/**
 * Three real day folders and the aggregate that a full recomputation of them gives. They may be used for
 * tests but not be part of the project, so they lie beside it, or are absent.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const realOrdersDir = fileURLToPath(
  new URL('../../../shared/data/orders-real', import.meta.url),
);

export const realOrdersExpected = join(realOrdersDir, 'expected', 'orders.csv');

export const realOrdersDays = ['0', '1', '2'] as const;

/** For `describe.skipIf(!hasRealOrders)`; when they are absent, that is printed once for each test file. */
export const hasRealOrders = existsSync(realOrdersExpected);

if (!hasRealOrders) {
  process.stdout.write(`Skipped: the tests on real orders, which are not at ${realOrdersDir}.\n`);
}

/** Copies whole day folders into `rawRoot`, as files that may be changed. */
export async function copyRealOrders(
  rawRoot: string,
  days: readonly string[] = realOrdersDays,
): Promise<void> {
  for (const day of days) {
    const from = join(realOrdersDir, 'raw', day);
    const to = join(rawRoot, day);
    await mkdir(to, { recursive: true });
    for (const name of await readdir(from)) {
      await writeFile(join(to, name), await readFile(join(from, name)));
    }
  }
}
