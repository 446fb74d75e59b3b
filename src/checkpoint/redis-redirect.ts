/**
 * A cluster keeps the one key on one node, and each other node names that one. So one connection is enough: it follows
 * redirects, and starts again from the configured nodes if the current one is gone.
 */
import { Command, Redis } from 'ioredis';
import { type TimeLimit, TimeLimitError } from '../process/time-limit.js';
import type { ScriptedRedis } from './compare-and-set.js';
import type { Address, ClientOptions } from './redis-settings.js';

export interface Redirect {
  /** `moved`: from now on; `ask`: this once, while the key's slot is being moved. */
  readonly kind: 'moved' | 'ask';
  readonly address: Address;
}

/** `MOVED 3999 127.0.0.1:6381`; a node that does not know its name leaves the host out: it is the one asked. */
export function redirectIn(error: unknown, from: Address): Redirect | null {
  const message = error instanceof Error ? error.message : '';
  const [, kind, host, port] = /^(MOVED|ASK) \d+ (\S*):(\d{1,5})$/.exec(message) ?? [];
  if (kind === undefined || Number(port) > 65_535) return null;
  const address = { host: host || from.host, port: Number(port) };
  return { kind: kind === 'MOVED' ? 'moved' : 'ask', address };
}

/** Inside MULTI, which asked itself, the others must not be preceded. */
const notPreceded = new Set(['asking', 'set', 'del', 'exec']);

/**
 * Lets `act` ask the node that is taking a slot over, on a connection that lasts as long. That node answers only
 * what follows ASKING.
 */
export async function askingAt<T>(
  { host, port }: Address,
  options: ClientOptions,
  limit: TimeLimit,
  act: (client: ScriptedRedis) => Promise<T>,
): Promise<T> {
  const client = new Redis({
    ...options,
    host,
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    // It is used once: a node that takes the connection and says nothing must not hold it.
    commandTimeout: options.connectTimeout,
  }) as ScriptedRedis;
  client.on('error', () => {});
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    if (!notPreceded.has(command.name.toLowerCase())) {
      const asking = new Command('asking');
      // The next command reports any failure.
      asking.promise.catch(() => {});
      send(asking, stream);
    }
    return send(command, stream);
  };
  try {
    await client.connect();
    if (limit.expired) throw new TimeLimitError('connected too late');
    return await act(client);
  } finally {
    client.disconnect();
  }
}

/** Cycles through the nodes. */
export function createRounds(nodes: readonly Address[]): () => Address | null {
  let next = 0;
  return () => {
    const address = nodes[next % nodes.length] ?? null;
    next += 1;
    return address;
  };
}
