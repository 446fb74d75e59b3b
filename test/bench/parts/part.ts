import type { BenchRedis } from '../service/redis.js';

/** What every part gets. */
export interface Setting {
  readonly quick: boolean;
  readonly python: boolean;
  /** Empty at first, and removed after the part. */
  readonly folder: string;
  readonly redis: BenchRedis;
}
