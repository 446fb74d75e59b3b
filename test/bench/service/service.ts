/** Daymark as it is run: `dist/main.js` as a process of its own, default settings, its log in a file. */
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LayoutName } from '../../../src/model/day.js';
import { startProcess } from '../scratch.js';
import { type Client, createClient } from './client.js';

export interface BenchService extends Client {
  readonly url: string;
  readonly outputFile: string;
  /** The most memory that the process ever had in use, in bytes; null where /proc does not tell. */
  peakMemoryBytes(): Promise<number | null>;
  /** What it has in use now; null where /proc does not tell. */
  memoryBytes(): Promise<number | null>;
  /** What processes that it has started have in use now; null where /proc does not tell. */
  childrenBytes(): Promise<number | null>;
  stop(): Promise<void>;
}

export interface OneDataset {
  readonly rawDir: string;
  /** A folder of its own, for output, state and log. */
  readonly folder: string;
  readonly redisUrl: string;
  /** Services that share a Redis need keys of their own. */
  readonly checkpointKey: string;
  /** The service's own default where it is left out. */
  readonly layout?: LayoutName;
}

export interface ManyDatasets {
  readonly folder: string;
  readonly redisUrl: string;
  /** What declares them. */
  readonly datasetsFile: string;
}

export type ServicePlace = OneDataset | ManyDatasets;

const main = resolve('dist/main.js');
const startTimeoutMs = 20_000;

export async function startBenchService(place: ServicePlace): Promise<BenchService> {
  await mkdir(place.folder, { recursive: true });
  const logFile = join(place.folder, 'daymark.log');
  const outputFile = join(place.folder, 'processed', 'orders.csv');
  const log = await open(logFile, 'w');
  const child = startProcess(process.execPath, [main], {
    stdio: ['ignore', log.fd, log.fd],
    env: {
      PATH: process.env['PATH'],
      DAYMARK_PORT: '0',
      DAYMARK_REDIS_URL: place.redisUrl,
      ...('datasetsFile' in place
        ? { DAYMARK_DATASETS: place.datasetsFile }
        : settingsOf(place, outputFile)),
    },
  });
  await log.close();
  const closed = once(child, 'close');
  const url = await addressIn(logFile, () => child.exitCode === null);
  const client = createClient(url);
  return {
    ...client,
    url,
    outputFile,
    peakMemoryBytes: () => memoryOf(child.pid ?? 0, 'VmHWM'),
    memoryBytes: () => memoryOf(child.pid ?? 0, 'VmRSS'),
    childrenBytes: () => childrenMemory(child.pid ?? 0),
    stop: async () => {
      client.close();
      child.kill('SIGTERM');
      await closed;
    },
  };
}

function settingsOf({ rawDir, checkpointKey, layout }: OneDataset, outputFile: string) {
  return {
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: outputFile,
    DAYMARK_CHECKPOINT_KEY: checkpointKey,
    DAYMARK_LAYOUT: layout ?? '',
  };
}

async function addressIn(logFile: string, isRunning: () => boolean): Promise<string> {
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    const log = await readFile(logFile, 'utf8');
    const address = /"address":"([^"]+)"/.exec(log)?.[1];
    if (address !== undefined) return address;
    if (!isRunning() || performance.now() > deadline) {
      throw new Error(`the service did not start: ${log}`);
    }
    await sleep(20);
  }
}

/** By the names that the kernel has for them: the most ever, and now. */
async function memoryOf(pid: number, field: 'VmHWM' | 'VmRSS'): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = new RegExp(`^${field}:\\s+([0-9]+) kB$`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

async function childrenMemory(pid: number): Promise<number | null> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const children = await readFile(path, 'utf8').catch(() => null);
  if (children === null) return null;
  const pids = children.split(' ').filter((text) => text !== '');
  const bytes = await Promise.all(pids.map((text) => memoryOf(Number(text), 'VmRSS')));
  return bytes.reduce((sum: number, each) => sum + (each ?? 0), 0);
}
