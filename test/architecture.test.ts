/** Imports point one way: the values import nothing, the core knows interfaces only, and no types go in circles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join('src', name));

const imported = new Map(files.map((file) => [file, importsIn(file, readFileSync(file, 'utf8'))]));

function importsIn(file: string, code: string): string[] {
  const specifiers = code.matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g);
  return [...specifiers].flatMap(([, specifier = '']) => {
    const target = normalize(join(dirname(file), specifier)).replace(/\.js$/, '');
    return [`${target}.ts`, `${target}.tsx`].filter((path) => existsSync(path));
  });
}

/** Imports that lead out of a folder, but for those into the `allowed` ones. */
const leaving = (folder: string, allowed: readonly string[]) =>
  [...imported]
    .filter(([file]) => file.startsWith(`src/${folder}/`))
    .flatMap(([file, targets]) => targets.map((target) => ({ file, target })))
    .filter(
      ({ target }) => ![folder, ...allowed].some((each) => target.startsWith(`src/${each}/`)),
    );

it('finds what files import', () => {
  expect(imported.get('src/core/reconcile.ts')).toContain('src/model/day.ts');
  expect(leaving('core', [])).not.toEqual([]);
});

it.each([
  ['model', []],
  ['core', ['model']],
] as const)('%s imports nothing but %j', (folder, allowed) => {
  expect(leaving(folder, allowed)).toEqual([]);
});

it('only the process that DuckDB runs in loads it', () => {
  const loading = files.filter((file) =>
    /(?:from|import|require)\s*\(?\s*'@duckdb\//.test(readFileSync(file, 'utf8')),
  );
  expect(loading).toEqual(['src/engine/duckdb/child.ts']);
  // A process of its own begins with it.
  expect([...imported.values()].flat()).not.toContain('src/engine/duckdb/child.ts');
});

it('nothing that http is built on imports it', () => {
  const below = ['model', 'core', 'raw', 'engine', 'output', 'checkpoint', 'disk', 'stamps'];
  const above = below.flatMap((folder) => leaving(folder, below));
  expect(above.filter(({ target }) => target.startsWith('src/http/'))).toEqual([]);
});

it('the page runs in a browser, and so does all that it shares with the command line', () => {
  const inBrowser = new Set(['src/dashboard/main.tsx']);
  for (const file of inBrowser) {
    const code = readFileSync(file, 'utf8').replace(/^(?:import|export) type [^;]*;/gm, '');
    expect(code, file).not.toMatch(/from 'node:/);
    for (const target of importsIn(file, code)) inBrowser.add(target);
  }
  expect(inBrowser).toContain('src/client/follow-run.ts');
});

it('no file imports itself through others, for its types neither', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file);
    if (at !== -1) circles.push([...path.slice(at), file].join(' → '));
    if (at !== -1 || done.has(file)) return;
    for (const target of imported.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});
