import type { TablePlan } from '../table-plan.js';
import { type Kernel, type Lines, mostColumns, type TableSums } from './kernel.js';
import { rowsWasm } from './rows-wasm.js';
import { compileWasm, instanceOf, reserve, type WasmExports } from './wasm-module.js';

/** What `rows.as` exports. Addresses are in bytes. */
interface Rows extends WasmExports {
  readonly records: { readonly value: number };
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

const vectorBytes = 16;
const segmentWords = 3;
const dayMostBytes = 64;
const noLateBy = -1;

let compiled: object | null | undefined;

/** Null where this processor has no SIMD for WebAssembly (before SSE 4.1, for instance). */
export function createWasmKernel(bufferBytes: number): Kernel | null {
  if (compiled === undefined) compiled = compileWasm(rowsWasm);
  return compiled && new WasmKernel(instanceOf<Rows>(compiled), bufferBytes);
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

  #reserve(bytes: number): void {
    reserve(this.rows, bytes);
    this.buffer = new Uint8Array(this.rows.memory.buffer, this.#bufferAt, this.bufferBytes);
  }
}

function aligned(address: number): number {
  return Math.ceil(address / vectorBytes) * vectorBytes;
}
