import { ByteKernel } from './byte-kernel.js';
import type { Kernel } from './kernel.js';
import { createWasmKernel } from './wasm-kernel.js';

/** The fastest kernel that runs on this processor. */
export function createKernel(bufferBytes: number): Kernel {
  return createWasmKernel(bufferBytes) ?? new ByteKernel(bufferBytes);
}
