/** Which process made something, and whether it is still there. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunOwner } from '../model/run.js';

/** `unknown` for processes of other hosts or containers, of which nothing can be seen from here. */
export type Fate = 'alive' | 'gone' | 'unknown';

let self: RunOwner | null = null;

export function thisProcess(): RunOwner {
  const { pid } = process;
  self ??= { host: hostOf(), pid, startedAt: processStart(pid) ?? '' };
  return self;
}

export function fateOf(other: RunOwner, self: RunOwner): Fate {
  // Earlier versions wrote the host's name alone.
  const isHere = other.host === self.host || other.host === hostname();
  if (!isHere || other.startedAt === '' || self.startedAt === '') return 'unknown';
  return processStart(other.pid) === other.startedAt ? 'alive' : 'gone';
}

/** False where nothing is known of it, too. */
export function isAlive(other: RunOwner, self: RunOwner): boolean {
  return fateOf(other, self) === 'alive';
}

/** In names of files: short, and another for every process. */
export function tagOf({ host, pid, startedAt }: RunOwner): string {
  return `${pid}-${digest(host)}-${digest(startedAt)}`;
}

/** The tag in a name of a file; null where there is none. */
export function tagIn(name: string): string | null {
  return /(?<=[.-])[0-9]+-[0-9a-f]{12}-[0-9a-f]{12}(?=[.-])/.exec(name)?.[0] ?? null;
}

/** Of the process that is called `tag`. */
export function fateOfTag(tag: string, self: RunOwner): Fate {
  const [pid = '', host, startedAt] = tag.split('-');
  if (host !== digest(self.host) || self.startedAt === '') return 'unknown';
  return digest(processStart(Number(pid)) ?? '') === startedAt ? 'alive' : 'gone';
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Containers can share a host's name; the processes of one are not seen from the other. */
function hostOf(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/**
 * When a process began, so that a later one with the same id is not taken for it: the boot and the
 * clock ticks since, from Linux's /proc. Null where that cannot be known.
 */
function processStart(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command, in parentheses, may hold spaces; the state is the first field behind it, the start the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    // One that has ended keeps its entry until its parent asks for it.
    const hasEnded = state === 'Z' || state === 'X';
    return ticks === undefined || hasEnded ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
}
