import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchRedis } from '../service/redis.js';
import { type BenchService, startBenchService } from '../service/service.js';
import { parseRows } from '../workloads/check-rows.js';
import type { Attempt, Contestant } from './contestant.js';

/**
 * The whole service with its Redis: from the request that asks for all days until its answer, with the
 * output committed, published and on disk. Before each attempt the output is taken away, so that each
 * has to write it; what the service thinks of that is part of the time.
 */
export function overHttp(name: string, folder: string, redis: BenchRedis): Contestant {
  return {
    name,
    enter: async ({ root }) => {
      const service = await startBenchService({
        rawDir: root,
        folder: join(folder, 'service'),
        redisUrl: redis.url,
        checkpointKey: 'bench:days',
      });
      const leave = async () => {
        await service.stop();
        await rm(join(folder, 'service'), { recursive: true });
      };
      return { attempt: () => attempt(service), leave };
    },
  };
}

async function attempt(service: BenchService): Promise<Attempt> {
  await rm(service.outputFile, { force: true });
  const { ms } = await service.run({ select: 'all' });
  return { ms, jobMs: null, rows: parseRows(await readFile(service.outputFile, 'utf8')) };
}
