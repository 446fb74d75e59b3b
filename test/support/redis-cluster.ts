/** Three real nodes that share the slots, each on a free loopback port; who starts them must stop them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { type RedisServer, startRedis } from './redis-server.js';

export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  /** The node that holds the slot of a key. */
  ownerOf(key: string): Promise<RedisServer>;
  /** Begins to move the slot of a key; `finish` ends it. The key itself is moved where there is one. */
  moveSlotOf(key: string, to: RedisServer): Promise<{ finish(): Promise<void> }>;
  stop(): Promise<void>;
}

const slots = 16_384;

export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all([1, 2, 3].map(() => startNode()));
  const [first] = nodes;
  if (first === undefined) throw new Error('there is no node');
  for (const [index, node] of nodes.entries()) {
    const from = Math.floor((slots * index) / nodes.length);
    const to = Math.floor((slots * (index + 1)) / nodes.length) - 1;
    await node.command('CLUSTER', 'ADDSLOTSRANGE', from, to);
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    if (node !== first) await node.command('CLUSTER', 'MEET', '127.0.0.1', first.port);
  }
  for (const node of nodes) await untilOk(node);

  const idOf = async (node: RedisServer) => String(await node.command('CLUSTER', 'MYID'));
  const ownerOf = async (key: string) => {
    for (const node of nodes) {
      const answer = await node.command('EXISTS', key).catch((error: Error) => error);
      if (!(answer instanceof Error)) return node;
    }
    throw new Error('no node holds the slot');
  };

  return {
    nodes,
    ownerOf,
    moveSlotOf: async (key, to) => {
      const from = await ownerOf(key);
      const slot = Number(await to.command('CLUSTER', 'KEYSLOT', key));
      await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(from));
      await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(to));
      await from.command('MIGRATE', '127.0.0.1', to.port, key, 0, 5_000);
      const owner = await idOf(to);
      return {
        finish: async () => {
          for (const node of [to, from, ...nodes.filter((each) => each !== to && each !== from)]) {
            await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', owner);
          }
        },
      };
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}

/** The port of the bus is the port and 10,000, which must exist. */
async function startNode(): Promise<RedisServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    if (port > 55_535) continue;
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'];
    try {
      return await startRedis({ port, args });
    } catch (error) {
      if (attempt === 8) throw error;
    }
  }
}

async function untilOk(node: RedisServer): Promise<void> {
  for (let attempt = 1; attempt <= 400; attempt += 1) {
    const info = String(await node.command('CLUSTER', 'INFO'));
    if (/cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info)) return;
    await sleep(50);
  }
  throw new Error('the cluster did not come up');
}
