import { existsSync } from 'node:fs';

/**
 * The compiled file `name` beside the module at `from`, for a thread to run: Node itself cannot load
 * TypeScript. Where that module is run from its source, as Vitest does, it is the one that the last
 * `npm run compile` made (`npm test` begins with one).
 */
export function compiledFile(name: string, from: string): URL {
  const beside = new URL(`./${name}.js`, from);
  if (existsSync(beside)) return beside;
  const root = new URL('../', import.meta.url);
  return new URL(`../dist/${beside.href.slice(root.href.length)}`, root);
}
