/** Raw roots built for a test from a table of what lies in them. */
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RawStore } from '../../src/core/ports/raw.js';
import { type LayoutName, layoutOf } from '../../src/model/day.js';
import { compileTemplate, dayFoldersIn, type PathTemplate } from '../../src/model/path-template.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import type { StampWatchOptions } from '../../src/stamps/stamp-watch.js';
import { makeTempDir } from '../support/temp-dir.js';

/** A file with this text; or something else at that path. */
export type Node = string | { readonly link: string } | 'folder/' | 'fifo/';

export type Tree = Readonly<Record<string, Node>>;

/** The raw root is `raw` in a new folder, so that `../` leads out of it to a place of the test's own. */
export async function plant(tree: Tree): Promise<string> {
  const rawDir = join(await makeTempDir(), 'raw');
  await mkdir(rawDir);
  for (const [path, node] of Object.entries(tree)) await plantNode(join(rawDir, path), node);
  return rawDir;
}

async function plantNode(path: string, node: Node): Promise<void> {
  if (node === 'folder/') {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  if (node === 'fifo/') execFileSync('mkfifo', [path]);
  else if (typeof node === 'string') await writeFile(path, node);
  else await symlink(node.link, path);
}

/** Of dates, unless something else is said. */
export function templateAt(rawDir: string, below: string, kind: LayoutName = 'date'): PathTemplate {
  const compiled = compileTemplate(`${rawDir}/${below}`, kind);
  if (!('template' in compiled)) throw new Error(JSON.stringify(compiled.mistakes));
  return compiled.template;
}

export function storeOf(
  rawDir: string,
  { layout = 'index', template, requireSuccessFile = false, ...rest }: StoreOptions = {},
): RawStore {
  const compiled = template ?? dayFoldersIn(rawDir, layoutOf(layout));
  const store = createRawStore({ template: compiled, requireSuccessFile, ...rest });
  onTestFinished(() => store.close());
  return store;
}

export interface StoreOptions {
  readonly layout?: LayoutName;
  /** In place of day folders. */
  readonly template?: PathTemplate;
  readonly requireSuccessFile?: boolean;
  readonly withChangeTimes?: boolean;
  readonly restMs?: number;
  readonly watch?: StampWatchOptions;
}
