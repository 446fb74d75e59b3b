/** Why a disk cannot accept a file, in words that tell an operator what to do. */
import { errorCode } from './disk.js';
import { statfs } from './look-at.js';

/** The errors of a place that is fit, and takes nothing more for now. */
export function isNoRoom(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
}

/** Why nothing can be written in `path`, and what to do; null where that is another error. */
export async function whyNotWritten(path: string, error: unknown): Promise<string | null> {
  switch (errorCode(error)) {
    case 'ENOSPC':
      return (await hasNoInodes(path))
        ? `the disk of ${path} has no inodes left (ENOSPC): remove files there, or give it more inodes`
        : `the disk of ${path} is full (ENOSPC): make room there`;
    case 'EDQUOT':
      return `the quota for ${path} is used up (EDQUOT): raise it, or make room`;
    case 'EROFS':
      return `the file system of ${path} is mounted read-only (EROFS): mount it for writing`;
    case 'EACCES':
      return `this process may not write in ${path} (EACCES): give its user the right to`;
    default:
      return null;
  }
}

/** Both shortages are one error; some file systems make inodes as they need them, and count none. */
async function hasNoInodes(path: string): Promise<boolean> {
  const found = await statfs(path).catch(() => null);
  return found !== null && found.files > 0 && found.ffree === 0;
}
