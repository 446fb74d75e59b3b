import type { Redis } from 'ioredis';
import type { CompareAndSet } from '../core/ports.js';

/**
 * Stores a value under a key if the key still holds what the caller saw, in one step of the server.
 *
 *   KEYS[1]  the key
 *   ARGV[1]  '1' when the key is expected to exist, else '0'
 *   ARGV[2]  the value it is expected to hold (ignored where ARGV[1] is '0')
 *   ARGV[3]  '1' to store ARGV[4], '0' to delete the key
 *   ARGV[4]  the value to store
 *
 *   returns  {'stored'}, {'conflict'} (nothing changed) or {'wrong-type', type} (nothing changed)
 *
 * SET drops a time to live on purpose: a checkpoint must not vanish by itself. There is no `#!lua` line,
 * because with it servers refuse the whole script early, and those before version 7 do not know it.
 */
const lua = `
local kind = redis.call('TYPE', KEYS[1])['ok']
if kind ~= 'none' and kind ~= 'string' then return {'wrong-type', kind} end
local found = redis.call('GET', KEYS[1])
local expected = ARGV[1] == '1' and ARGV[2]
if found ~= expected then return {'conflict'} end
if ARGV[3] == '1' then
  redis.call('SET', KEYS[1], ARGV[4])
else
  redis.call('DEL', KEYS[1])
end
return {'stored'}
`;

type Argument = string | Buffer;

/** The client with the script as a command: sent by its hash, and in full where the server lacks it. */
export type ScriptedRedis = Redis & {
  checkpointCompareAndSet(key: string, ...args: Argument[]): Promise<string[]>;
};

export const scripts = { checkpointCompareAndSet: { lua, numberOfKeys: 1 } };

export async function sendCompareAndSet(
  client: ScriptedRedis,
  key: string,
  expected: Argument | null,
  next: string | null,
): Promise<Exclude<CompareAndSet, { status: 'unavailable' }>> {
  const args = [...optional(expected), ...optional(next)];
  const [status, type] = await client.checkpointCompareAndSet(key, ...args);
  if (status === 'stored' || status === 'conflict') return { status };
  return { status: 'wrong-type', type: type ?? 'unknown' };
}

function optional(value: Argument | null): Argument[] {
  return value === null ? ['0', ''] : ['1', value];
}
