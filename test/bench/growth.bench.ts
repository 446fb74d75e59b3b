/**
 * How the cost of a request and of a one-day run grows with history. Run by `npm run bench:growth`.
 * Medians over the turns; the last column compares with the shortest history.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'vitest';
import { rawText, startTestService, type TestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

const histories = [10, 100, 1_000, 3_650];
const turns = 7;

const categories = Array.from({ length: 20 }, (_, n) => `category ${n}`);
const day = rawText(
  [8, 12, 18].map((hour) => [hour, Object.fromEntries(categories.map((each) => [each, 1]))]),
);

it('growth with history', { timeout: 600_000 }, async () => {
  const results = [];
  for (const history of histories) results.push(await measure(history));
  const [first] = results;
  for (const name of Object.keys(first ?? {})) {
    const cells = results.map((result) =>
      `${(result[name] ?? Number.NaN).toFixed(1)} ms`.padStart(10),
    );
    const ratio = (results.at(-1)?.[name] ?? Number.NaN) / (first?.[name] ?? Number.NaN);
    process.stdout.write(`${name.padEnd(22)}${cells.join('')}   ×${ratio.toFixed(1)}\n`);
  }
});

async function measure(history: number): Promise<Record<string, number>> {
  const root = await makeTempDir();
  for (let each = 0; each < history; each += 1) {
    await mkdir(join(root, 'raw', String(each)), { recursive: true });
    await writeFile(join(root, 'raw', String(each), 'orders.csv'), day);
  }
  const service = await startTestService({ root, env: { DAYMARK_RECONCILE_INTERVAL_MS: '0' } });
  await service.call('POST', '/v1/runs?wait=600');
  let next = history;
  const times = {
    'GET /v1/checkpoint': await median(() => service.get('/v1/checkpoint')),
    'GET /v1/days': await median(() => service.get('/v1/days')),
    'a run with no work': await median(() => service.run()),
    'a run of one day': await median(() => runOneDay(service, next++)),
  };
  await service.stop();
  return times;
}

async function runOneDay(service: TestService, name: number): Promise<void> {
  await service.land(String(name), day);
  const { body } = await service.run();
  if (body.days.length !== 1) throw new Error(`the run took ${body.days.length} days`);
}

async function median(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const startedAt = performance.now();
    await action();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[turns >> 1] ?? Number.NaN;
}
