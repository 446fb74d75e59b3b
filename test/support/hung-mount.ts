/** A mount that never answers: a FUSE file system whose server is asleep. Takes root, and a system that allows it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { canMount } from './bind-mount.js';

export const canHang = canMount && existsSync('/dev/fuse');

if (!canHang) {
  process.stdout.write('Skipped: the tests with mounts that hang, which take /dev/fuse.\n');
}

/** Until `release`, or until the test has finished, nothing at `point` or below answers. */
export async function hangMount(point: string): Promise<{ release(): Promise<void> }> {
  const script = `exec 3<>/dev/fuse
    mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0,allow_other hung "$1"
    echo mounted; read -r _`;
  const server = spawn('bash', ['-c', script, 'bash', point], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  await once(server.stdout, 'data');
  let released = false;
  const release = async () => {
    if (released) return;
    released = true;
    await letGo(server, ended, point);
  };
  onTestFinished(release);
  return { release };
}

/** Without its server the mount answers everything with an error, and can be taken away. */
async function letGo(server: ChildProcess, ended: Promise<unknown>, point: string): Promise<void> {
  server.kill('SIGKILL');
  await ended;
  execFileSync('umount', ['--lazy', point]);
}
