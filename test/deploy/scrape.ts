/** Everything that a service exports after it has seen good and bad days, Redis and requests. */
import { symlink } from 'node:fs/promises';
import { startRedis } from '../support/redis-server.js';
import { startTestService } from '../support/service.js';
import { startSeveral } from '../support/several.js';

/** By metric, then by label: the values that occur. */
export type Scrape = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

export async function scrapeBusyService(): Promise<{ scrape: Scrape; text: string }> {
  const redis = await startRedis();
  try {
    const service = await startTestService({ env: { DAYMARK_REDIS_URL: redis.url } });
    await service.land('0', [[8, { milk: 1 }]]);
    await service.run();
    await service.land('1', 'order_id,order_hour_of_day,milk\n1,8,many\n');
    await service.run();
    await redis.command('FLUSHALL');
    await service.get('/v1/days');
    const { body: text } = await service.get('/metrics');
    await service.stop();
    return { scrape: readScrape(`${text}\n${await scrapeUnfit()}`), text };
  } finally {
    await redis.stop();
  }
}

/** One dataset of two cannot be opened. */
async function scrapeUnfit(): Promise<string> {
  const { http } = await startSeveral({
    datasets: { orders: {}, visits: {} },
    prepare: ({ outputOf }) => symlink('elsewhere.csv', outputOf('visits')),
  });
  return (await http.get('/metrics')).text;
}

/** As Prometheus would keep it: with `job` and `instance` on every series, and `up`. */
function readScrape(text: string): Scrape {
  const scrape = new Map<string, Map<string, Set<string>>>();
  const add = (metric: string, labels: string) => {
    const known = scrape.get(metric) ?? new Map<string, Set<string>>();
    scrape.set(metric, known);
    const pairs = `job="daymark",instance="a",${labels}`.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g);
    for (const [, label = '', value = ''] of pairs) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  };
  add('up', '');
  for (const line of text.split('\n')) {
    const [, metric, labels = ''] = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (metric !== undefined) add(metric, labels);
  }
  return scrape;
}
