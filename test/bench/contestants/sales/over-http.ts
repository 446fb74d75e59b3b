import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { letLand } from '../../rounds.js';
import type { BenchRedis } from '../../service/redis.js';
import { type SalesDataset, startSalesService } from '../../service/sales-service.js';
import { openSalesWriter, parseSales } from '../../workloads/sales.js';
import type { NewSales, SalesContestant } from './sales.js';

/**
 * The whole service with its Redis: from the request for a run until its answer, with the day in the output, committed,
 * published and on disk. Before each attempt the day is another one, of few rows, which is not timed.
 */
export function salesOverHttp(
  name: string,
  kind: SalesDataset['kind'],
  folder: string,
  redis: BenchRedis,
): SalesContestant {
  return {
    name,
    enter: async (sales) => {
      const own = join(folder, `service-${kind}`);
      const { root, day } = sales;
      const dataset = { name: `${day.format}_${kind}`, kind, root, format: day.format };
      const service = await startSalesService(own, redis, [dataset]);
      const [output] = service.outputs as [string];
      const attempt = async () => {
        await withFewRows(sales, async () => void (await service.run()));
        await letLand();
        const { ms, days } = await service.run();
        if (days.length !== 1) throw new Error(`the run took ${days.length} days`);
        return { ms, jobMs: null, rows: parseSales(await readFile(output, 'utf8')) };
      };
      const leave = async () => {
        await service.stop();
        await rm(own, { recursive: true });
      };
      return { attempt, leave };
    },
  };
}

/** `use` finds another day in place of the large one. */
async function withFewRows({ root, day }: NewSales, use: () => Promise<void>): Promise<void> {
  const aside = join(dirname(root), 'aside');
  await rename(day.path, aside);
  const writer = await openSalesWriter(day.format);
  const { path } = await writer.write(root, { ...day, rows: day.stores * day.products });
  writer.close();
  await letLand();
  await use();
  await rename(aside, path);
}
