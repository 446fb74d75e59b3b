import type { Redis } from 'ioredis';
import type { CompareAndSet } from '../core/ports/checkpoint.js';
import type { Seen } from './seen-bytes.js';

/**
 * Stores a value under a key if the key still holds what the caller saw, in one step of the server.
 *
 *   KEYS[1]  the key
 *   ARGV[1]  '1' when the key is expected to exist, else '0'; then ARGV[2] and ARGV[3] are ignored
 *   ARGV[2]  the value it is expected to hold, or its beginning
 *   ARGV[3]  the size of that value in bytes
 *   ARGV[4]  '1' to store ARGV[5], '0' to delete the key
 *   ARGV[5]  the value to store
 *
 *   returns  {'stored'}, {'conflict'} (nothing changed) or {'wrong-type', type} (nothing changed)
 *
 * STRLEN and GETRANGE spare the copy of a huge value. A user who lacks the right to them is served by GET.
 *
 * SET drops a time to live on purpose: a checkpoint must not vanish by itself. There is no `#!lua` line,
 * because with it servers refuse the whole script early, and those before version 7 do not know it.
 */
const lua = `
local kind = redis.call('TYPE', KEYS[1])['ok']
if kind ~= 'none' and kind ~= 'string' then return {'wrong-type', kind} end
if (kind == 'string') ~= (ARGV[1] == '1') then return {'conflict'} end
if kind == 'string' then
  local size, expected = tonumber(ARGV[3]), ARGV[2]
  local length, found = redis.pcall('STRLEN', KEYS[1]), nil
  if type(length) == 'number' then
    if length ~= size then return {'conflict'} end
    if size > #expected then found = redis.pcall('GETRANGE', KEYS[1], 0, #expected - 1) end
  end
  if type(found) ~= 'string' then
    found = redis.call('GET', KEYS[1])
    if #found ~= size then return {'conflict'} end
  end
  if string.sub(found, 1, #expected) ~= expected then return {'conflict'} end
end
if ARGV[4] == '1' then
  redis.call('SET', KEYS[1], ARGV[5])
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

export interface Change {
  readonly expected: Seen | null;
  readonly next: string | null;
}

/** What became of it, where Redis answered. */
export type Changed = Exclude<CompareAndSet, { status: 'unavailable' }>;

export async function sendCompareAndSet(
  client: ScriptedRedis,
  key: string,
  { expected, next }: Change,
): Promise<Changed> {
  const [status, type] = await client.checkpointCompareAndSet(
    key,
    ...(expected === null ? ['0', '', '0'] : ['1', expected.bytes, `${expected.sizeBytes}`]),
    ...(next === null ? ['0', ''] : ['1', next]),
  );
  if (status === 'stored' || status === 'conflict') return { status };
  return { status: 'wrong-type', type: type ?? 'unknown' };
}
