/** One day that is larger than anyone's memory should be: its time over HTTP, and the service's peak. */
import { readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { duration, size, whole } from '../figures.js';
import type { LargeResult } from '../results.js';
import { letSettle } from '../rounds.js';
import { runCommand } from '../run-command.js';
import { startBenchService } from '../service/service.js';
import { summarize } from '../statistics.js';
import { say, table } from '../terminal.js';
import { checkRows, parseRows } from '../workloads/check-rows.js';
import { ordersFor, writeRawDay } from '../workloads/raw-day.js';
import { createRowPool } from '../workloads/rows.js';
import type { Setting } from './part.js';

const fullBytes = 5e9;
const quickBytes = 5e8;
const rounds = 3;
const spareBytes = 1e9;

export async function measureLarge({ folder, redis, quick }: Setting): Promise<LargeResult> {
  const wanted = quick ? quickBytes : fullBytes;
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < wanted + spareBytes) {
    const skipped = `${folder} has ${size(bavail * bsize)} free, too little for a day of ${size(wanted)}`;
    say(`Skipped: the large day, ${skipped}.`);
    return { ...nothing, skipped };
  }
  const result = await measure(folder, redis.url, wanted);
  report(result);
  return result;
}

const nothing = {
  orders: null,
  sizeBytes: null,
  run: null,
  wc: null,
  peakMemoryBytes: null,
  idleMemoryBytes: null,
};

async function measure(folder: string, redisUrl: string, wanted: number): Promise<LargeResult> {
  const pool = createRowPool('sparse');
  const rawDir = join(folder, 'raw');
  const day = await writeRawDay(rawDir, pool, ordersFor(pool, wanted));
  const place = { rawDir, folder: join(folder, 'service'), redisUrl, checkpointKey: 'bench:large' };
  const service = await startBenchService(place);
  await letSettle();
  const idleMemoryBytes = await service.peakMemoryBytes();
  const runs: number[] = [];
  const walks: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    walks.push((await runCommand('wc', ['-l', day.path])).ms);
    await rm(service.outputFile, { force: true });
    runs.push((await service.run({ select: 'all' })).ms);
    const rows = parseRows(await readFile(service.outputFile, 'utf8'));
    checkRows('the large day', rows, day.expected);
  }
  const peakMemoryBytes = await service.peakMemoryBytes();
  await service.stop();
  return {
    skipped: null,
    orders: day.orders,
    sizeBytes: day.sizeBytes,
    run: summarize(runs),
    wc: summarize(walks),
    peakMemoryBytes,
    idleMemoryBytes,
  };
}

function report({ orders, sizeBytes, run, wc, peakMemoryBytes, idleMemoryBytes }: LargeResult) {
  say(
    table(`one day of ${size(sizeBytes ?? 0)}, ${whole(orders ?? 0)} orders`, [
      ['over HTTP, median', duration(run?.median ?? 0)],
      ['wc -l, median', duration(wc?.median ?? 0)],
      ['peak memory', peakMemoryBytes === null ? 'unknown' : size(peakMemoryBytes)],
      ['… before the first run', idleMemoryBytes === null ? 'unknown' : size(idleMemoryBytes)],
    ]),
  );
}
