/** Two real servers, the one a replica of the other, and Sentinels that watch over them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { createRedisAdmin, type RedisAdmin } from './redis-admin.js';
import { type RedisProcess, startRedisProcess } from './redis-process.js';
import { type RedisServer, type RedisServerOptions, startRedis } from './redis-server.js';
import { openTempDir } from './temp-dir.js';

export const primaryName = 'checkpoints';

export interface RedisSentinels {
  readonly servers: readonly [RedisServer, RedisServer];
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  primary(): Promise<RedisServer>;
  /** Asks the first Sentinel for another primary. */
  failOver(): Promise<void>;
  stop(): Promise<void>;
}

export interface SentinelOptions {
  readonly server?: RedisServerOptions;
  /** More lines for each Sentinel’s configuration. */
  readonly lines?: readonly string[];
  /** How the test itself speaks to a Sentinel. */
  readonly sentinelUrl?: (port: number) => string;
}

export async function startRedisSentinels(options: SentinelOptions = {}): Promise<RedisSentinels> {
  const args = ['--repl-diskless-sync-delay', '0', ...(options.server?.args ?? [])];
  const first = await startRedis({ ...options.server, args });
  const second = await startRedis({ ...options.server, args });
  await second.command('REPLICAOF', '127.0.0.1', first.port);
  await until(async () => /master_link_status:up/.test(await replicationOf(second)));
  const sentinels = [await startSentinel(first, options), await startSentinel(first, options)];
  const [asked] = sentinels;
  const ask = async (...words: string[]) => asked?.admin.command('SENTINEL', ...words);
  await until(async () => /num-other-sentinels,1\b/.test(String(await ask('MASTER', primaryName))));
  await until(async () => /num-slaves,1\b/.test(String(await ask('MASTER', primaryName))));

  const primary = async () => {
    const [, port] = (await ask('GET-MASTER-ADDR-BY-NAME', primaryName)) as [string, string];
    return Number(port) === first.port ? first : second;
  };
  return {
    servers: [first, second],
    addresses: sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
    primary,
    failOver: async () => void (await ask('FAILOVER', primaryName)),
    stop: async () => {
      for (const sentinel of sentinels) await sentinel.stop();
      await Promise.all([first.stop(), second.stop()]);
    },
  };
}

interface Sentinel {
  readonly port: number;
  readonly admin: RedisAdmin;
  stop(): Promise<void>;
}

async function startSentinel(watched: RedisServer, options: SentinelOptions): Promise<Sentinel> {
  const dir = await openTempDir();
  const port = await freePort();
  const file = join(dir.path, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir.path}`,
    `sentinel monitor ${primaryName} 127.0.0.1 ${watched.port} 1`,
    `sentinel down-after-milliseconds ${primaryName} 1000`,
    `sentinel failover-timeout ${primaryName} 3000`,
    ...(options.lines ?? []),
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const process: RedisProcess = await startRedisProcess([file, '--sentinel'], 'sentinel');
  const admin = createRedisAdmin(() => options.sentinelUrl?.(port) ?? `redis://127.0.0.1:${port}`);
  return {
    port,
    admin,
    stop: async () => {
      admin.disconnect();
      await process.kill();
      await dir.remove();
    },
  };
}

async function replicationOf(server: RedisServer): Promise<string> {
  return String(await server.command('INFO', 'replication'));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; attempt <= 400; attempt += 1) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error('the Sentinels did not come up');
}
