import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fateOfTag, tagIn, tagOf, thisProcess } from '../../process/living-process.js';

const prefix = 'daymark-duckdb-';

/** A folder for what queries of one process spill to disk. What services left there that are gone is removed. */
export function makeSpillFolder(): string {
  removeLeftovers(tmpdir());
  return mkdtempSync(join(tmpdir(), `${prefix}${tagOf(thisProcess())}-`));
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
