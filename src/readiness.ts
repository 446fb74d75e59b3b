/** Whether the service can do its work: asked by load balancers and orchestrators every few seconds. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { CheckpointStore } from './core/ports.js';
import type { Readiness, ReadinessCheck } from './http/app-options.js';
import type { StateFolder } from './output/state-folder.js';

export interface ReadinessOptions {
  readonly rawDir: string;
  readonly folder: StateFolder;
  readonly checkpoint: CheckpointStore;
}

/** Long enough for a store that answers, short enough for whoever asks. */
const checkpointTimeoutMs = 250;

export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  return async () => {
    const checks = await Promise.all([
      checkAccess('raw-root', options.rawDir, constants.R_OK | constants.X_OK, 'readable'),
      checkAccess('output-folder', options.folder.outputFolder, constants.W_OK, 'writable'),
      checkCheckpoint(options.checkpoint),
    ]);
    return { ready: checks.every(({ status }) => status !== 'failed'), checks };
  };
}

async function checkAccess(
  name: string,
  path: string,
  mode: number,
  virtue: string,
): Promise<ReadinessCheck> {
  try {
    await access(path, mode);
    return { name, status: 'ok', detail: `${path} is ${virtue}.` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { name, status: 'failed', detail: `${path} is not ${virtue} (${code}).` };
  }
}

/** Never fails the service: the checkpoint is an optimisation. */
async function checkCheckpoint(checkpoint: CheckpointStore): Promise<ReadinessCheck> {
  const name = 'checkpoint-store';
  const stored = await checkpoint.read(performance.now() + checkpointTimeoutMs);
  switch (stored.status) {
    case 'unavailable':
      return { name, status: 'degraded', detail: stored.reason };
    case 'wrong-type':
      return {
        name,
        status: 'degraded',
        detail: `The key holds a ${stored.type}; it is left alone.`,
      };
    default:
      return { name, status: 'ok', detail: `The ${checkpoint.kind} checkpoint answers.` };
  }
}
