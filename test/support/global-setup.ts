/**
 * Runs once before all tests: the checkpoint is tested against a real redis-server, so there must be one.
 * The tests start their own servers on free ports; a service that a package starts is neither used nor
 * touched.
 */
import { spawnSync } from 'node:child_process';

const advice =
  'The tests need redis-server (7.0 or newer) on the PATH. Install it with `apt-get install redis-server`, ' +
  '`brew install redis` or `dnf install redis`, then run them again.';

export default function setup(): void {
  if (runs('redis-server', ['--version'])) return;
  if (!canInstall()) throw new Error(advice);
  process.stdout.write('redis-server is missing: installing it with apt-get.\n');
  install();
  if (!runs('redis-server', ['--version'])) throw new Error(advice);
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && runs('apt-get', ['--version']);
}

function install(): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'],
  ]) {
    const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed: ${stderr}\n${advice}`);
  }
}

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
