/**
 * The official libzstd, compiled to WebAssembly by the package `zstddec`. Its functions are called directly: the
 * package's own loop over a stream does not look at errors. Node.js 20 has no zstd in `node:zlib`.
 */
import { ZSTDDecoder } from 'zstddec/stream';

export interface LibZstd {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(pointer: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): void;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

let loading: Promise<LibZstd> | null = null;

/** One instance for each thread, since it takes a few milliseconds. */
export function loadLibZstd(): Promise<LibZstd> {
  loading ??= instantiate();
  return loading;
}

async function instantiate(): Promise<LibZstd> {
  const decoder = new ZSTDDecoder();
  const keep = decoder._init;
  let exports: unknown;
  decoder._init = (result) => {
    exports = result.instance.exports;
    // It follows the growth of the memory with what is kept here.
    keep(result);
  };
  await decoder.init();
  return exports as LibZstd;
}
