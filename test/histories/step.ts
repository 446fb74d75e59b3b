import fc from 'fast-check';
import type { KeptDataset, World } from './world.js';

/** Something that happens, done to the real thing and to the model. */
export interface Step {
  readonly name: string;
  run(world: World): Promise<void>;
}

/** Something that happens to one dataset. */
export interface DatasetStep {
  readonly name: string;
  run(dataset: KeptDataset, world: World): Promise<void>;
}

/** To the first dataset, or to the second where there are two. */
export function ofOne(steps: fc.Arbitrary<DatasetStep>): fc.Arbitrary<Step> {
  return fc.tuple(fc.boolean(), steps).map(([second, { name, run }]) => ({
    name: `${second ? 'second' : 'first'}: ${name}`,
    run: async (world) => {
      const dataset = second ? world.datasets[1] : world.datasets[0];
      if (dataset !== undefined) await run(dataset, world);
    },
  }));
}
