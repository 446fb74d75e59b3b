import type { Kernel } from './kernel/kernel.js';

/** Idle kernels, kept for the next file: creating one for each small file would cost more than the file. */
export class KernelShelf {
  readonly #free: Kernel[] = [];

  constructor(readonly create: () => Kernel) {}

  async with<Result>(use: (kernel: Kernel) => Promise<Result>): Promise<Result> {
    const kernel = this.#free.pop() ?? this.create();
    try {
      return await use(kernel);
    } finally {
      this.#free.push(kernel);
    }
  }
}
