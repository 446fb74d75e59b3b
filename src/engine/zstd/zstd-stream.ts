import { type LibZstd, loadLibZstd } from './libzstd.js';

/** As libzstd numbers its errors. */
export const zstdErrors = {
  unknownPrefix: 10,
  windowTooLarge: 16,
  checksumWrong: 22,
  noMemory: 64,
};

export class ZstdError extends Error {
  override readonly name = 'ZstdError';

  constructor(readonly code: number) {
    super(`libzstd reports error ${code}`);
  }
}

const bufferBytes = 131_072;
/** `ZSTD_inBuffer` and `ZSTD_outBuffer`: a pointer, a size and a position of 32 bits each. */
const structBytes = 12;
const mostErrors = 120;

/** One stream of frames. To be closed, since its memory is not collected. */
export class ZstdStream {
  /** Whether a whole number of frames was passed. */
  atFrameEnd = false;
  /** Whether some frame was passed. */
  framesPassed = false;
  readonly #context: number;
  /** Structs and buffers, for the input and then for the output. */
  readonly #input: number;
  readonly #output: number;

  static async open(): Promise<ZstdStream> {
    return new ZstdStream(await loadLibZstd());
  }

  private constructor(readonly zstd: LibZstd) {
    this.#context = zstd.ZSTD_createDCtx();
    this.#input = zstd.malloc(structBytes + bufferBytes);
    this.#output = zstd.malloc(structBytes + bufferBytes);
    if (this.#context * this.#input * this.#output === 0) throw new ZstdError(zstdErrors.noMemory);
  }

  /** The text that `stored` completes, in pieces. Throws ZstdError; afterwards the stream is of no use. */
  *decode(stored: Uint8Array): Generator<Buffer> {
    for (let at = 0; at < stored.length; at += bufferBytes) {
      yield* this.#decodePiece(stored.subarray(at, at + bufferBytes));
    }
  }

  *#decodePiece(piece: Uint8Array): Generator<Buffer> {
    this.#bytes(this.#input, piece.length).set(piece);
    // libzstd holds back the last byte of a frame until all its text was taken.
    for (let at = 0; at < piece.length; at = this.#positionOf(this.#input)) {
      this.#setStruct(this.#input, piece.length, at);
      this.#setStruct(this.#output, bufferBytes, 0);
      const left = this.zstd.ZSTD_decompressStream(this.#context, this.#output, this.#input);
      if (left < 0 && left > -mostErrors) throw new ZstdError(-left);
      this.atFrameEnd = left === 0;
      this.framesPassed ||= this.atFrameEnd;
      const length = this.#positionOf(this.#output);
      if (length > 0) yield Buffer.from(this.#bytes(this.#output, length));
    }
  }

  close(): void {
    this.zstd.ZSTD_freeDCtx(this.#context);
    this.zstd.free(this.#input);
    this.zstd.free(this.#output);
  }

  /** The buffer behind a struct. The memory moves when it grows. */
  #bytes(struct: number, length: number): Uint8Array {
    return new Uint8Array(this.zstd.memory.buffer, struct + structBytes, length);
  }

  #setStruct(struct: number, size: number, position: number): void {
    const view = new DataView(this.zstd.memory.buffer, struct, structBytes);
    view.setUint32(0, struct + structBytes, true);
    view.setUint32(4, size, true);
    view.setUint32(8, position, true);
  }

  #positionOf(struct: number): number {
    return new DataView(this.zstd.memory.buffer, struct, structBytes).getUint32(8, true);
  }
}
