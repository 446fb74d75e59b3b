import type { TablePlan } from '../table-plan.js';
import { type Kernel, type Lines, mostColumns, type TableSums } from './kernel.js';
import { rowsWasm } from './rows-wasm.js';

/** What `rows.as` exports. Addresses are in bytes. */
interface Rows {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly records: { readonly value: number };
  heapBase(): number;
  begin(
    segmentsAt: number,
    segmentCount: number,
    dayAt: number,
    dayBytes: number,
    lateBy: number,
    least: number,
    buckets: number,
    categories: number,
    sumsAt: number,
    singlesAt: number,
  ): void;
  add(from: number, to: number): Lines;
  flush(): void;
}

/** The part of the WebAssembly interface that is used here; the types of Node 20 lack it. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
  readonly CompileError: new () => Error;
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike };

const pageBytes = 65_536;
const vectorBytes = 16;
const segmentWords = 3;
const dayMostBytes = 64;
const noLateBy = -1;

let compiled: object | null | undefined;

/** Null where this processor has no SIMD for WebAssembly (before SSE 4.1, for instance). */
function rowsModule(): object | null {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new wasm.Module(Buffer.from(rowsWasm, 'base64'));
  } catch (error) {
    if (!(error instanceof wasm.CompileError)) throw error;
    compiled = null;
  }
  return compiled;
}

/** Null where it cannot run here. */
export function createWasmKernel(bufferBytes: number): Kernel | null {
  const module = rowsModule();
  if (module === null) return null;
  return new WasmKernel(new wasm.Instance(module).exports as Rows, bufferBytes);
}

/** Lays out the memory of `rows.as`: the plan's tables, the buffer, then the sums, as many as there are. */
class WasmKernel implements Kernel {
  buffer = new Uint8Array();
  #sums = 0;
  readonly #segmentsAt: number;
  readonly #dayAt: number;
  readonly #bufferAt: number;
  readonly #sumsAt: number;

  constructor(
    readonly rows: Rows,
    readonly bufferBytes: number,
  ) {
    this.#segmentsAt = aligned(rows.heapBase());
    this.#dayAt = this.#segmentsAt + 4 * segmentWords * mostColumns;
    this.#bufferAt = aligned(this.#dayAt + dayMostBytes);
    this.#sumsAt = aligned(this.#bufferAt + bufferBytes + vectorBytes);
    this.#reserve(this.#sumsAt);
  }

  begin({ segments, categories, buckets, least, lateBy, day }: TablePlan): void {
    this.#sums = buckets * categories;
    const singlesAt = this.#sumsAt + 8 * this.#sums;
    this.#reserve(singlesAt + 2 * this.#sums + vectorBytes);
    const { buffer } = this.rows.memory;
    const words = segments.flatMap(({ kind, columns, firstCategory }) => [
      kind,
      columns,
      firstCategory,
    ]);
    new Uint32Array(buffer, this.#segmentsAt, words.length).set(words);
    new Uint8Array(buffer, this.#dayAt, dayMostBytes).set(day);
    this.rows.begin(
      this.#segmentsAt,
      segments.length,
      this.#dayAt,
      day.length,
      lateBy ?? noLateBy,
      least,
      buckets,
      categories,
      this.#sumsAt,
      singlesAt,
    );
  }

  add(from: number, to: number): Lines {
    return this.rows.add(this.#bufferAt + from, this.#bufferAt + to);
  }

  sums(): TableSums {
    this.rows.flush();
    const { buffer } = this.rows.memory;
    const sums = new Float64Array(buffer, this.#sumsAt, this.#sums).slice();
    return { records: this.rows.records.value, sums };
  }

  /** Grown memory is another ArrayBuffer; views of the old one are void. */
  #reserve(bytes: number): void {
    const { memory } = this.rows;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    this.buffer = new Uint8Array(memory.buffer, this.#bufferAt, this.bufferBytes);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / vectorBytes) * vectorBytes;
}
