/**
 * GET /v1/checkpoint beside bare Fastify routes: the same load, in turns, in one run; medians of the turns.
 * Run by `npm run bench:http`. Figures are ratios first: machines differ, and are noisy.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { it, onTestFinished } from 'vitest';
import { generateDay } from '../../src/sample/generate-day.js';
import { startRedis } from '../support/redis-server.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

const rounds = 5;
const secondsPerTurn = 4;
const connections = 10;

interface Turn {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

it('GET /v1/checkpoint', { timeout: 300_000 }, async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const root = await makeTempDir();
  for (let day = 0; day < 7; day += 1) {
    await mkdir(join(root, 'raw', String(day)), { recursive: true });
    const text = [...generateDay({ day: String(day), seed: 1, orders: 100 })].join('');
    await writeFile(join(root, 'raw', String(day), 'orders.csv'), text);
  }
  const service = startServiceProcess({
    DAYMARK_RAW_DIR: join(root, 'raw'),
    DAYMARK_OUTPUT_FILE: join(root, 'processed', 'orders.csv'),
    DAYMARK_REDIS_URL: redis.url,
  });
  const url = await startBare(redis.url);
  const daymark = await service.url();
  await fetch(`${daymark}/v1/runs?wait=60`, { method: 'POST' });

  const subjects = {
    'bare route': `${url}/bare`,
    'bare route with a Redis GET': `${url}/bare-redis`,
    'GET /v1/checkpoint': `${daymark}/v1/checkpoint`,
  };
  const turns = new Map<string, Turn[]>(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, target] of Object.entries(subjects)) {
      turns.get(name)?.push(await load(target));
    }
  }
  report(turns);
});

async function load(url: string): Promise<Turn> {
  const result = await autocannon({ url, connections, duration: secondsPerTurn });
  if (result.non2xx > 0) throw new Error(`${url} answered with errors`);
  const { p50, p99 } = result.latency;
  return { requestsPerSecond: result.requests.average, p50Ms: p50, p99Ms: p99 };
}

async function startBare(redisUrl: string): Promise<string> {
  const script = fileURLToPath(new URL('./bare-route.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, redisUrl, 'incremental:last_processed_day']);
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of child.stdout) return JSON.parse(String(line)).address;
  throw new Error('the bare route did not start');
}

function report(turns: ReadonlyMap<string, readonly Turn[]>): void {
  const median = (values: number[]) =>
    values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  const rows = [...turns].map(([name, all]) => ({
    name,
    requestsPerSecond: Math.round(median(all.map((turn) => turn.requestsPerSecond))),
    p50Ms: median(all.map((turn) => turn.p50Ms)),
    p99Ms: median(all.map((turn) => turn.p99Ms)),
  }));
  const [bare] = rows;
  for (const row of rows) {
    const ratio = (row.requestsPerSecond / (bare?.requestsPerSecond ?? Number.NaN)).toFixed(2);
    process.stdout.write(
      `${row.name.padEnd(30)} ${String(row.requestsPerSecond).padStart(7)} requests/s  ${ratio} of bare  p50 ${row.p50Ms} ms  p99 ${row.p99Ms} ms\n`,
    );
  }
}
