import type { Kernel, TableSums } from './kernel/kernel.js';
import type { TablePlan } from './table-plan.js';

/** Idle kernels, kept for the next file: creating one for each small file would cost more than the file. */
export class KernelShelf<Plan = TablePlan, Sums = TableSums> {
  readonly #free: Kernel<Plan, Sums>[] = [];

  constructor(readonly create: () => Kernel<Plan, Sums>) {}

  async with<Result>(use: (kernel: Kernel<Plan, Sums>) => Promise<Result>): Promise<Result> {
    const kernel = this.#free.pop() ?? this.create();
    try {
      return await use(kernel);
    } finally {
      this.#free.push(kernel);
    }
  }
}
