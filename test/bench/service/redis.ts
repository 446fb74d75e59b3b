import { freePort } from '../../support/free-port.js';
import { startRedisProcess } from '../../support/redis-process.js';

export interface BenchRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** A redis-server of our own on loopback, without persistence. */
export async function startBenchRedis(folder: string): Promise<BenchRedis> {
  const port = await freePort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder];
  const redis = await startRedisProcess([...args, '--save', '', '--appendonly', 'no'], 'ready');
  return { url: `redis://127.0.0.1:${port}`, stop: () => redis.kill() };
}
