import { RawReadError } from '../core/failures.js';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is gone: it was there when the day was listed.',
  EACCES: 'must not be read: permission denied (EACCES). Fix its permissions.',
  EPERM: 'must not be read: operation not permitted (EPERM). Fix its permissions.',
  ELOOP: 'is a link by now: it was a file when the day was listed.',
  ENOTDIR: 'is gone: a folder on the way to it is no longer a folder.',
  EISDIR: 'is a folder, not a regular file.',
  ENXIO: 'is a socket or device, not a regular file.',
  EIO: 'cannot be read: the disk reports an error (EIO).',
  ESTALE: 'cannot be read: its network mount went stale (ESTALE).',
};

/** What `error` means if the file is to blame; otherwise (too many open files, …) `error` itself. */
export function blameFile(file: string, error: unknown): unknown {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
  if (reason === undefined) return error;
  return new RawReadError(file, `${file} ${reason}`, { cause: error });
}
