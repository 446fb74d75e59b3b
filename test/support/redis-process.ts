import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const startTimeoutMs = 15_000;

const markers = {
  ready: 'Ready to accept connections',
  listening: 'Server initialized',
  sentinel: 'Sentinel ID is',
} as const;

export interface RedisProcess {
  readonly pid: number;
  /** True once it has ended, however that came. */
  readonly ended: boolean;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** SIGKILL, also while it is stopped; resolves when it is gone. */
  kill(): Promise<void>;
}

/** What is still running, so that nothing outlives the test process, even one that ends badly. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts redis-server. Resolves when it has listened (`listening`: it may still be loading its data) or
 * is ready; rejects, with what it printed, when it ends before.
 */
export async function startRedisProcess(
  args: readonly string[],
  until: 'listening' | 'ready' | 'sentinel',
): Promise<RedisProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('close', () => running.delete(child));

  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const marker = markers[until];
  const deadline = performance.now() + startTimeoutMs;
  while (!printed.includes(marker)) {
    if (hasEnded(child) || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`redis-server did not start:\n${printed}`);
    }
    await sleep(5);
  }
  return handleOf(child);
}

function handleOf(child: ChildProcess): RedisProcess {
  return {
    pid: child.pid ?? 0,
    get ended() {
      return hasEnded(child);
    },
    signal: (name) => {
      child.kill(name);
    },
    kill: async () => {
      if (hasEnded(child)) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
