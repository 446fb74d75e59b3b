/** Which process made something, and whether it is still there. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunOwner } from './core/run.js';

export function thisProcess(): RunOwner {
  return { host: hostname(), pid: process.pid, startedAt: processStart(process.pid) ?? '' };
}

/** False for those of other hosts, too: nothing is known of them. */
export function isAlive(other: RunOwner, self: RunOwner): boolean {
  if (other.host !== self.host) return false;
  return other.startedAt !== '' && processStart(other.pid) === other.startedAt;
}

/**
 * When a process began, so that a later one with the same id is not taken for it: the boot and the
 * clock ticks since, from Linux's /proc. Null where that cannot be known.
 */
function processStart(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command, in parentheses, may hold spaces; the start is the 20th field behind it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? null : `${boot}/${ticks}`;
  } catch {
    return null;
  }
}
