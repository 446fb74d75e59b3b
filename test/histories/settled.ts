import { eventually } from '../support/eventually.js';
import { otherType } from './truth.js';
import type { KeptDataset, World } from './world.js';

/**
 * After a process was started, or another one is asked: it judges by rules of its own. Connections to Redis are made
 * in the background, and lead to looks that nobody asked for.
 */
export async function settled({ datasets, keepers }: World): Promise<void> {
  for (const dataset of datasets) {
    dataset.truth.rules = dataset.rules;
    if (keepers.kind === 'redis' && dataset.truth.reachable) await connected(dataset);
  }
}

async function connected({ plane, truth }: KeptDataset): Promise<void> {
  truth.mayBeRight = true;
  const right = truth.stored === otherType ? 'wrong-type' : 'in-sync';
  await eventually(async () => {
    const { checkpoint } = await plane.survey();
    if (checkpoint.reading !== right) throw new Error(`the checkpoint stays ${checkpoint.reading}`);
  }, 20_000);
  truth.seen();
}
