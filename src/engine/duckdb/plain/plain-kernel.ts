import { type Kernel, type Lines, lines } from '../../scan/kernel/kernel.js';
import {
  compileWasm,
  instanceOf,
  reserve,
  type WasmExports,
} from '../../scan/kernel/wasm-module.js';
import { lineFeed } from '../../text-meter.js';
import type { RowTable } from './row-table.js';
import { stepsWasm } from './steps-wasm.js';

/** What `steps.as` exports. Addresses are in bytes. */
interface Steps extends WasmExports {
  begin(tableAt: number): void;
  /** Of four parts, each of whole lines; negative if something in them is not plain. */
  add(a: number, b: number, c: number, d: number, end: number): number;
}

const module = compileWasm(stepsWasm);

/** Counts rows as long as all is plain. In its memory lie the buffer and the table. */
export class PlainKernel implements Kernel<RowTable, number> {
  buffer = new Uint8Array();
  #rows = 0;
  /** It has nothing that any processor lacks. */
  readonly #steps = instanceOf<Steps>(module as object);
  readonly #bufferAt = this.#steps.heapBase();
  readonly #tableAt: number;

  constructor(readonly bufferBytes: number) {
    this.#tableAt = 2 * Math.ceil((this.#bufferAt + bufferBytes) / 2);
    this.#reserve(this.#tableAt);
  }

  begin(table: RowTable): void {
    this.#rows = 0;
    this.#reserve(this.#tableAt + table.byteLength);
    new Uint16Array(this.#steps.memory.buffer, this.#tableAt, table.length).set(table);
    this.#steps.begin(this.#tableAt);
  }

  add(from: number, to: number): Lines {
    const quarter = (to - from) >> 2;
    const part = (nth: number) =>
      this.#bufferAt + this.buffer.indexOf(lineFeed, from + nth * quarter) + 1;
    const [start, end] = [this.#bufferAt + from, this.#bufferAt + to];
    const rows = this.#steps.add(start, part(1), part(2), part(3), end);
    if (rows < 0) return lines.odd;
    this.#rows += rows;
    return lines.plain;
  }

  sums(): number {
    return this.#rows;
  }

  #reserve(bytes: number): void {
    reserve(this.#steps, bytes);
    this.buffer = new Uint8Array(this.#steps.memory.buffer, this.#bufferAt, this.bufferBytes);
  }
}
