/** Runs once before all tests. */
import { seed } from './seed.js';

export default function setup(): void {
  process.stdout.write(`Random tests begin at DAYMARK_SEED=${seed}.\n`);
}
