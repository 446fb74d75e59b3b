import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createEmbeddedCheckpoint } from '../../src/checkpoint/embedded.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { makeTempDir } from '../support/temp-dir.js';
import { conformsAsCheckpointStore } from './conformance.js';
import { allow, asUser, openStore, transactions } from './redis-subject.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

conformsAsCheckpointStore('Redis', {
  make: async () => {
    await server.command('FLUSHALL');
    return openStore(server).store;
  },
});

conformsAsCheckpointStore('Redis, for a user who may not run scripts', {
  make: async () => {
    await server.command('FLUSHALL');
    await allow(server, transactions);
    return openStore(asUser(server)).store;
  },
});

conformsAsCheckpointStore('the embedded file', {
  make: async () =>
    createEmbeddedCheckpoint({ path: join(await makeTempDir(), '_daymark', 'checkpoint') }),
});
