/** The part of the WebAssembly interface that is used here; the types of Node 20 lack it. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
  readonly CompileError: new () => Error;
}

/** What every compiled kernel exports. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** Where the caller may put its tables. */
  heapBase(): number;
}

const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike };

/** Null where this processor lacks an instruction that is used in it. */
export function compileWasm(base64: string): object | null {
  try {
    return new wasm.Module(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (!(error instanceof wasm.CompileError)) throw error;
    return null;
  }
}

export function instanceOf<Exports extends WasmExports>(module: object): Exports {
  return new wasm.Instance(module).exports as Exports;
}

const pageBytes = 65_536;

/** Grown memory is another ArrayBuffer; views of the old one are void. */
export function reserve({ memory }: WasmExports, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}
