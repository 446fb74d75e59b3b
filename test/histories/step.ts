import type { World } from './world.js';

/** Something that happens, done to the real thing and to the model. */
export interface Step {
  readonly name: string;
  run(world: World): Promise<void>;
}
