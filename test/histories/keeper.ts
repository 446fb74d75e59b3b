/** Where a history keeps its checkpoint, and what others do to it there: a file, or a key of a real Redis. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createEmbeddedCheckpoint } from '../../src/checkpoint/embedded.js';
import { createRedisCheckpoint } from '../../src/checkpoint/redis.js';
import { redisTarget } from '../../src/checkpoint/redis-settings.js';
import type { CheckpointStore } from '../../src/core/ports/checkpoint.js';
import { openRelay } from '../faults/redis-relay.js';
import { createRedisAdmin } from '../support/redis-admin.js';

/** No history waits as long, unless Redis is away; a busy machine must not look like that. */
export const patienceMs = 20_000;

export interface Keeper {
  readonly kind: 'embedded' | 'redis';
  /** A store as a service has it. */
  open(): CheckpointStore;
  /** Null removes the value. */
  put(value: string | null): Promise<void>;
  /** Puts something that is no value. */
  putOtherType(): Promise<void>;
  /** All that is kept there is lost. */
  flush(): Promise<void>;
  /** Whether services reach it from now on. */
  connect(there: boolean): void;
  close(): Promise<void>;
}

export function fileKeeper(path: string): Keeper {
  const put = async (value: string | null) => {
    await rm(path, { force: true, recursive: true });
    if (value === null) return;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${value}\n`);
  };
  return {
    kind: 'embedded',
    open: () => createEmbeddedCheckpoint({ path }),
    put,
    putOtherType: async () => {
      await put(null);
      await mkdir(path, { recursive: true });
    },
    flush: () => put(null),
    connect: () => {},
    close: async () => {},
  };
}

const key = 'incremental:last_processed_day';
/** Nothing listens there. */
const deadPort = 1;

/** Histories at the same time have databases of their own. */
export async function redisKeeper(port: number, database: number): Promise<Keeper> {
  const admin = createRedisAdmin(() => `redis://127.0.0.1:${port}/${database}`);
  const relay = await openRelay(port);
  const flush = async () => void (await admin.command('FLUSHDB'));
  await flush();
  return {
    kind: 'redis',
    open: () =>
      createRedisCheckpoint({
        target: redisTarget({ url: `${relay.url}/${database}`, sentinels: null, cluster: [] }),
        key,
        timeoutMs: patienceMs,
      }),
    put: async (value) => {
      await (value === null ? admin.command('DEL', key) : admin.command('SET', key, value));
    },
    putOtherType: async () => {
      await admin.command('DEL', key);
      await admin.command('RPUSH', key, 'not', 'ours');
    },
    flush,
    connect: (there) => relay.pointTo(there ? port : deadPort),
    close: async () => {
      admin.disconnect();
      await relay.close();
    },
  };
}
