/** Where a history keeps its checkpoints, and what others do to them there: files, or keys of a real Redis. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createEmbeddedCheckpoint } from '../../src/checkpoint/embedded.js';
import { createRedisCheckpoint } from '../../src/checkpoint/redis.js';
import { redisTarget } from '../../src/checkpoint/redis-settings.js';
import { type Connect, shareRedisConnection } from '../../src/checkpoint/shared-connection.js';
import type { CheckpointStore } from '../../src/core/ports/checkpoint.js';
import { openRelay } from '../faults/redis-relay.js';
import { createRedisAdmin } from '../support/redis-admin.js';

/** No history waits as long, unless Redis is away; a busy machine must not look like that. */
export const patienceMs = 20_000;

/** The checkpoint of one dataset. */
export interface Keeper {
  /** A store as a service has it; `connect` is what the datasets of a process share. */
  open(connect: Connect | null): CheckpointStore;
  /** Null removes the value. */
  put(value: string | null): Promise<void>;
  /** Puts something that is no value. */
  putOtherType(): Promise<void>;
}

/** Those of all datasets. */
export interface Keepers {
  readonly kind: 'embedded' | 'redis';
  of(dataset: string, path: string): Keeper;
  /** One connection of a process; null without Redis. */
  share(): Connect | null;
  /** All that is kept there is lost. */
  flush(): Promise<void>;
  /** Whether services reach it from now on. */
  connect(there: boolean): void;
  /** What is kept there; of files nothing is told. */
  keys(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openKeepers(
  redis: { readonly port: number; readonly database: number } | null,
): Promise<Keepers> {
  return redis === null ? fileKeepers() : redisKeepers(redis.port, redis.database);
}

function fileKeepers(): Keepers {
  const kept: Keeper[] = [];
  return {
    kind: 'embedded',
    of: (_, path) => {
      const keeper = fileKeeper(path);
      kept.push(keeper);
      return keeper;
    },
    share: () => null,
    flush: async () => {
      for (const { put } of kept) await put(null);
    },
    connect: () => {},
    keys: async () => [],
    close: async () => {},
  };
}

function fileKeeper(path: string): Keeper {
  const put = async (value: string | null) => {
    await rm(path, { force: true, recursive: true });
    if (value === null) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${value}\n`);
  };
  return {
    open: () => createEmbeddedCheckpoint({ path }),
    put,
    putOtherType: async () => {
      await put(null);
      await mkdir(path, { recursive: true });
    },
  };
}

export const keyOf = (dataset: string) => `daymark:${dataset}:last_processed_day`;
/** Nothing listens there. */
const deadPort = 1;

/** Histories at the same time have databases of their own. */
async function redisKeepers(port: number, database: number): Promise<Keepers> {
  const admin = createRedisAdmin(() => `redis://127.0.0.1:${port}/${database}`);
  const relay = await openRelay(port);
  const flush = async () => void (await admin.command('FLUSHDB'));
  await flush();
  const url = `${relay.url}/${database}`;
  const target = redisTarget({ url, sentinels: null, cluster: [] });
  return {
    kind: 'redis',
    of: (dataset) => {
      const key = keyOf(dataset);
      return {
        open: (connect) =>
          createRedisCheckpoint({
            ...{ target, key, timeoutMs: patienceMs },
            ...(connect && { connect }),
          }),
        put: async (value) => {
          await (value === null ? admin.command('DEL', key) : admin.command('SET', key, value));
        },
        putOtherType: async () => {
          await admin.command('DEL', key);
          await admin.command('RPUSH', key, 'not', 'ours');
        },
      };
    },
    share: () => shareRedisConnection(target, patienceMs),
    flush,
    connect: (there) => relay.pointTo(there ? port : deadPort),
    keys: async () => (await admin.command('KEYS', '*')) as string[],
    close: async () => {
      admin.disconnect();
      await relay.close();
    },
  };
}
