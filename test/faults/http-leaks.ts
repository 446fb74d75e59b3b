/** What a process holds on to, counted: descriptors, handles, and listeners of the server and the process. */
import type { EventEmitter } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';
import type { TestService } from '../http/support.js';
import { eventually } from '../support/eventually.js';

const descriptors = '/proc/self/fd';

if (!existsSync(descriptors)) {
  process.stdout.write('Open descriptors are not counted: this system has no /proc/self/fd.\n');
}

export type Holdings = Readonly<Record<string, number>>;

/** Once no client is connected any more, or still. */
export async function holdingsAtRest(test: TestService): Promise<Holdings> {
  return eventually(() => {
    const holdings = holdingsOf(test);
    expect(holdings).not.toHaveProperty('handle TCPSocketWrap');
    return holdings;
  }, 15_000);
}

/** What there is more of than before, once that no longer changes; nothing, unless something leaks. */
export async function expectNoLeak(test: TestService, before: Holdings): Promise<void> {
  await eventually(() => {
    const more = Object.entries(holdingsOf(test)).filter(
      ([name, count]) => count > (before[name] ?? 0),
    );
    expect(more).toEqual([]);
  }, 15_000);
}

export function holdingsOf({ service, rawDir, outputFile }: TestService): Holdings {
  const ours = { raw: rawDir, output: outputFile, state: dirname(outputFile) };
  return {
    ...counted('handle', process.getActiveResourcesInfo().filter(isLasting)),
    ...counted(
      'descriptor',
      openFiles().flatMap((path) => kindOf(path, ours)),
    ),
    ...listenersOf('server', service.app.server),
    ...listenersOf('process', process),
  };
}

/** What a client or a run of the service can leave behind; file operations of others come and go. */
function isLasting(resource: string): boolean {
  return resource.startsWith('TCP') || resource === 'Timeout';
}

function openFiles(): string[] {
  if (!existsSync(descriptors)) return [];
  return readdirSync(descriptors).flatMap((name) => {
    try {
      return [readlinkSync(`${descriptors}/${name}`)];
    } catch {
      return [];
    }
  });
}

/**
 * None for what the service does not own: modules that are loaded, the pipes of the test runner. Its sockets are
 * among the handles.
 */
function kindOf(path: string, ours: Readonly<Record<string, string>>): string[] {
  // By its beginning: the kernel says `orders.csv (deleted)` of a file that is gone.
  return Object.keys(ours)
    .filter((kind) => path.startsWith(ours[kind] ?? ''))
    .slice(0, 1);
}

function listenersOf(owner: string, emitter: EventEmitter): Holdings {
  const counts = emitter
    .eventNames()
    .map((name) => [`${owner} on ${String(name)}`, emitter.listenerCount(name)]);
  return Object.fromEntries(counts);
}

function counted(prefix: string, names: readonly string[]): Holdings {
  const counts: Record<string, number> = {};
  for (const name of names) counts[`${prefix} ${name}`] = (counts[`${prefix} ${name}`] ?? 0) + 1;
  return counts;
}
