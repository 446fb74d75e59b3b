/** A copy of the project in a temporary folder, to be broken without harm. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));
const configs = ['vitest.config.ts', 'vitest.spark.config.ts', 'vitest.airflow.config.ts'];
const sources = ['src', 'test', 'package.json', 'tsconfig.json', 'tsconfig.build.json', ...configs];
/** `dist` is what threads and processes run: it is compiled again for each bug. */
const copied = [...sources, 'dist'];
/** Read and never written by tests, or too large to copy. */
const linked = ['node_modules', 'data', 'docs', 'openapi', 'README.md'];

export async function copyProject() {
  const top = await mkdtemp(join(await realpath(tmpdir()), 'daymark-mutations-'));
  const root = join(top, 'project');
  await mkdir(root);
  for (const name of copied) await cp(join(project, name), join(root, name), { recursive: true });
  for (const name of linked) await linkTo(join(project, name), join(root, name));
  // Data that may lie beside the project and is no part of it; see test/support/real-orders.ts.
  await linkTo(join(dirname(project.replace(/\/$/, '')), 'shared'), join(top, 'shared'));
  return { root, remove: () => rm(top, { recursive: true, force: true, maxRetries: 3 }) };
}

/** As `npm run compile`. Types do not count: a bug may leave something unused. */
export async function compile(root) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const child = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'ignore',
  });
  await once(child, 'close');
}

async function linkTo(target, path) {
  if (existsSync(target)) await symlink(target, path);
}
