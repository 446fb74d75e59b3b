/** What the story plays on: a temporary folder, a checkpoint, and a real service as a process of its own. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CheckpointPlace, openCheckpointPlace } from './checkpoint-place.js';
import { killOwnProcesses, type OwnProcess, startProcess } from './own-process.js';

export interface Stage {
  readonly folder: string;
  readonly rawDir: string;
  readonly outputFile: string;
  readonly checkpoint: CheckpointPlace;
  /** Of the service that runs now; the next one has others. */
  readonly url: string;
  readonly pid: number;
  startService(): Promise<void>;
  /** kill -9 */
  killService(): Promise<void>;
}

/** Whatever happens later, nothing is left behind when this process exits. */
export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'daymark-demo-'));
  process.once('exit', () => clear(folder));
  const rawDir = join(folder, 'data', 'incremental', 'raw');
  const outputFile = join(folder, 'data', 'processed', 'orders.csv');
  await mkdir(rawDir, { recursive: true });
  const checkpoint = await openCheckpointPlace(folder, outputFile);

  const env = {
    ...withoutSettings(process.env),
    ...checkpoint.env,
    DAYMARK_PORT: '0',
    DAYMARK_RAW_DIR: rawDir,
    DAYMARK_OUTPUT_FILE: outputFile,
    // Only the demo's own requests look at the world, so that they are the first to see what was lost.
    DAYMARK_RECONCILE_INTERVAL_MS: '0',
  };
  let service = await startService(env);
  return {
    folder,
    rawDir,
    outputFile,
    checkpoint,
    get url() {
      return service.told;
    },
    get pid() {
      return service.pid;
    },
    startService: async () => {
      service = await startService(env);
    },
    killService: () => service.kill(),
  };
}

function startService(env: NodeJS.ProcessEnv): Promise<OwnProcess> {
  const main = fileURLToPath(new URL('../main.js', import.meta.url));
  // Its log names the address that it got.
  const ready = /"address":"([^"]+)"/;
  return startProcess({ program: process.execPath, args: [main], env, ready });
}

/** Settings of the reader's own shell have no part in the story. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('DAYMARK_')));
}

function clear(folder: string): void {
  killOwnProcesses();
  // A process that dies may still hold a file for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
