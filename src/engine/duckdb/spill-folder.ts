import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fateOfTag, tagIn, tagOf, thisProcess } from '../../process/living-process.js';

const prefix = 'daymark-duckdb-';

/** A folder for temporary files of queries. What services left there that are gone is removed. */
export function makeSpillFolder(): string {
  const root = tmpdir();
  try {
    removeLeftovers(root);
    return mkdtempSync(join(root, `${prefix}${tagOf(thisProcess())}-`));
  } catch (cause) {
    const detail = `DuckDB needs a folder for temporary files, and none can be made in ${root}: ${(cause as Error).message}. Set TMPDIR to a folder that this process may write to.`;
    throw new Error(detail, { cause });
  }
}

function removeLeftovers(root: string): void {
  for (const name of readdirSync(root)) {
    const tag = name.startsWith(prefix) ? tagIn(name) : null;
    if (tag === null || fateOfTag(tag, thisProcess()) !== 'gone') continue;
    try {
      rmSync(join(root, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}
