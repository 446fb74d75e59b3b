/** Functions of the C library that Node has no call for, or only a slow one: by `koffi`, which need not be installed. */
import { createRequire } from 'node:module';

/** What is used of `koffi`. */
export interface Koffi {
  load(path: null): { func(declaration: string): NativeFunction };
  errno(): number;
  /** Of the first byte; it stays for as long as someone holds the bytes. */
  address(bytes: Uint8Array): bigint;
}

export interface NativeFunction {
  (...given: unknown[]): unknown;
  async(...given: unknown[]): void;
}

/** Throws where `koffi` is not installed, or not for this machine. */
export function loadKoffi(): Koffi {
  return createRequire(import.meta.url)('koffi') as Koffi;
}
