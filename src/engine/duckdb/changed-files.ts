/** Raw files that changed while DuckDB read them: what it says of them then tells nothing of DuckDB itself. */
import type { RawFile } from '../../core/ports/raw.js';
import { lstat } from '../../disk/look-at.js';

/** Whether any is no longer what it was when its day was listed. */
export async function haveChanged(files: readonly RawFile[]): Promise<boolean> {
  for (const { path, sizeBytes, mtimeNs } of files) {
    const now = await lstat(path).catch(() => null);
    if (now === null || Number(now.size) !== sizeBytes || String(now.mtimeNs) !== mtimeNs)
      return true;
  }
  return false;
}

/** Concerns one day, where a ProblemError would fail the run. */
export function changedWhileRead(): Error {
  return new Error('its raw files changed while DuckDB read them');
}
