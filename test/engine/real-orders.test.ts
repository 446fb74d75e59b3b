import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Day, layoutOf } from '../../src/model/day.js';
import { dayFoldersIn } from '../../src/model/path-template.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { countedOf } from '../support/counted.js';
import {
  hasRealOrders,
  realOrdersDays,
  realOrdersDir,
  realOrdersExpected,
} from '../support/real-orders.js';
import { jobOver } from './job.js';
import { describeEngines } from './subjects.js';

describeEngines((engine) => {
  test.skipIf(!hasRealOrders).each(realOrdersDays)('day %s of real orders', async (day) => {
    const raw = createRawStore({
      template: dayFoldersIn(join(realOrdersDir, 'raw'), layoutOf('index')),
      requireSuccessFile: false,
    });
    const files = (await raw.settle(day as Day))?.files ?? [];
    const result = await engine.aggregate(jobOver(files, { day }));
    if (result.kind === 'rejected') throw new Error(JSON.stringify(result.problems));

    // The categories of this data need no quotes.
    const lines = result.rows
      .map(countedOf)
      .map(({ hour, category, items }) => `${day},${hour},${category},${items}`);
    const expected = (await readFile(realOrdersExpected, 'utf8')).split(/\r?\n/);
    expect(lines).toEqual(expected.filter((line) => line.startsWith(`${day},`)));
    expect(lines.length).toBeGreaterThan(1000);
  });
});
