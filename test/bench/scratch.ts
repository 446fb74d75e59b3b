/**
 * Where the bench puts what it needs for a while, and who works for it. However the bench ends (also by
 * Ctrl-C), its processes are gone afterwards, and so is its folder.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

const folders = new Set<string>();
const running = new Set<ChildProcess>();

export async function openFolder(parent: string): Promise<string> {
  const folder = await mkdtemp(join(await realpath(parent), 'daymark-bench-'));
  folders.add(folder);
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.delete(folder);
}

/** Each leads a process group of its own, so that what it starts ends with it. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export function cleanUpHoweverItEnds(): void {
  for (const [signal, code] of Object.entries(exitCodes))
    process.on(signal, () => process.exit(code));
  process.on('exit', () => {
    for (const { pid } of running) if (pid !== undefined) endGroup(pid);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 9 });
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself a moment ago.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
