/** What Linux says of a process. */
import { readdirSync, readFileSync } from 'node:fs';

export const descriptorsOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1_024 * Number(/^VmRSS:\s+([0-9]+) kB/m.exec(status)?.[1]);
}
