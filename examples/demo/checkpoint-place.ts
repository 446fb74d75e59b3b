/** Where the checkpoint is kept in this demo: a Redis of its own where there is one, a file otherwise. */
import { readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { stateFolderOf } from '#daymark/output/state-folder.js';
import { startProcess } from './own-process.js';

export interface CheckpointPlace {
  /** A sentence's end: what it is. */
  readonly kind: string;
  /** What the service is told of it. */
  readonly env: NodeJS.ProcessEnv;
  /** How an operator would lose it. */
  readonly wipeCommand: string;
  wipe(): Promise<void>;
  /** What it holds, looked up behind the service's back. */
  read(): Promise<string | null>;
}

export async function openCheckpointPlace(
  folder: string,
  outputFile: string,
): Promise<CheckpointPlace> {
  try {
    return redisPlace(await startRedis(folder));
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = absent ? 'no redis-server on the PATH' : 'redis-server does not start here';
    return filePlace(outputFile, why);
  }
}

function redisPlace(port: number): CheckpointPlace {
  const url = `redis://127.0.0.1:${port}`;
  return {
    kind: `Redis at 127.0.0.1:${port}, started for this demo`,
    env: { DAYMARK_REDIS_URL: url },
    wipeCommand: `redis-cli -p ${port} FLUSHALL`,
    wipe: () => withRedis(url, async (redis) => void (await redis.flushall())),
    read: () => withRedis(url, (redis) => redis.get('incremental:last_processed_day')),
  };
}

function filePlace(outputFile: string, why: string): CheckpointPlace {
  const { checkpoint } = stateFolderOf(outputFile);
  return {
    kind: `a file beside the output (${why})`,
    env: {},
    wipeCommand: 'rm data/processed/_daymark/orders.csv/checkpoint',
    wipe: () => rm(checkpoint),
    read: async () => (await readFile(checkpoint, 'utf8')).trim(),
  };
}

async function withRedis<T>(url: string, action: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  // The command's own error is the one that is told.
  redis.on('error', () => {});
  try {
    return await action(redis);
  } finally {
    redis.disconnect();
  }
}

/** Someone else may take the free port first; then another is tried. */
async function startRedis(folder: string, triesLeft = 3): Promise<number> {
  const port = await freePort();
  const place = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder];
  try {
    await startProcess({
      program: 'redis-server',
      args: [...place, '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
      ready: /Ready to accept connections/,
    });
    return port;
  } catch (error) {
    if (triesLeft === 1 || (error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    return startRedis(folder, triesLeft - 1);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
