/** Requests a second beside bare Fastify routes: the same load, in turns. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { httpRows } from '../http-rows.js';
import { httpNames } from '../names.js';
import type { HttpResult, HttpSubjectResult } from '../results.js';
import { letSettle, takeTurns } from '../rounds.js';
import { startProcess } from '../scratch.js';
import { startBenchService } from '../service/service.js';
import { summarize } from '../statistics.js';
import { say, table } from '../terminal.js';
import { writeHistory } from '../workloads/history.js';
import type { Setting } from './part.js';

const checkpointKey = 'bench:http';
const connections = 10;
const fullPlan = { rounds: 7, secondsPerTurn: 4 };
const quickPlan = { rounds: 2, secondsPerTurn: 1 };

interface Subject {
  readonly name: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
}

interface Turn {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

export async function measureHttp({ folder, redis, quick }: Setting): Promise<HttpResult> {
  const { rounds, secondsPerTurn } = quick ? quickPlan : fullPlan;
  const rawDir = join(folder, 'raw');
  await writeHistory(rawDir, 7, 'real-shaped');
  const place = { rawDir, folder: join(folder, 'service'), redisUrl: redis.url, checkpointKey };
  const service = await startBenchService(place);
  await service.run();
  const bare = await startBareRoutes(redis.url);
  await letSettle();

  const subjects: Subject[] = [
    { name: httpNames.bare, url: `${bare.url}/bare`, method: 'GET' },
    { name: httpNames.bareRedis, url: `${bare.url}/bare-redis`, method: 'GET' },
    { name: httpNames.checkpoint, url: `${service.url}/v1/checkpoint`, method: 'GET' },
    { name: httpNames.days, url: `${service.url}/v1/days`, method: 'GET' },
    { name: httpNames.run, url: `${service.url}/v1/runs?wait=60`, method: 'POST' },
  ];
  const turns = new Map(subjects.map(({ name }) => [name, [] as Turn[]]));
  // One short turn that is not counted: it warms caches and compilers.
  await takeTurns(subjects, 1, async (subject) => void (await load(subject, 1)));
  await takeTurns(subjects, rounds, async (subject) => {
    turns.get(subject.name)?.push(await load(subject, secondsPerTurn));
  });
  await service.stop();
  await bare.stop();
  const results = [...turns].map(([name, all]) => resultOf(name, all));
  say(table('requests over HTTP', httpRows(results)));
  return { connections, secondsPerTurn, subjects: results };
}

async function load({ url, method }: Subject, duration: number): Promise<Turn> {
  const result = await autocannon({ url, method, connections, duration });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} answered with errors`);
  const { p50, p99 } = result.latency;
  return { requestsPerSecond: result.requests.average, p50, p99 };
}

async function startBareRoutes(redisUrl: string) {
  const script = fileURLToPath(new URL('./bare-route.js', import.meta.url));
  const child = startProcess(process.execPath, [script, redisUrl, checkpointKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await closed;
  };
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line) => resolve(String(line).trim()));
    child.once('close', () => reject(new Error('the bare routes did not start')));
  });
  return { url, stop };
}

function resultOf(name: string, turns: readonly Turn[]): HttpSubjectResult {
  return {
    name,
    requestsPerSecond: summarize(turns.map((turn) => turn.requestsPerSecond)),
    p50: summarize(turns.map((turn) => turn.p50)),
    p99: summarize(turns.map((turn) => turn.p99)),
  };
}
