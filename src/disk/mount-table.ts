/** What is mounted where. Only Linux reports it, in /proc (see proc(5)), which never waits for a disk. */
import { readFileSync } from 'node:fs';

export interface Mount {
  readonly id: string;
  /** `major:minor`. */
  readonly device: string;
  /** The folder of the device that is shown. */
  readonly root: string;
  /** Where it is shown. */
  readonly point: string;
  /** Of the file system, such as `ext4` or `nfs4`. */
  readonly type: string;
  /** A device, or a path on a server; its form depends on the file system. */
  readonly source: string;
}

let text: string | null = null;
let mounts: readonly Mount[] | null = null;

/** In the order in which they were mounted; null if the system does not report them. The same object if nothing changed. */
export function readMounts(): readonly Mount[] | null {
  const found = readTable();
  if (found !== text) mounts = found === null ? null : found.split('\n').flatMap(parseMount);
  text = found;
  return mounts;
}

function readTable(): string | null {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return null;
  }
}

function parseMount(line: string): Mount[] {
  const [about = '', by = ''] = line.split(' - ');
  const [id, , device, root, point] = about.split(' ').map(unescaped);
  const [type, source] = by.split(' ').map(unescaped);
  if (id === undefined || device === undefined || root === undefined) return [];
  if (point === undefined || type === undefined || source === undefined) return [];
  return [{ id, device, root, point, type, source }];
}

/** Only spaces, tabs, line ends and backslashes are written in octal. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
