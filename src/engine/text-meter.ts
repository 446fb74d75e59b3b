export const lineFeed = 0x0a;

export interface TextSize {
  /** Decompressed, byte order mark included. */
  readonly textBytes: number;
  readonly endsWithLineFeed: boolean;
}

/** Measures a text as it passes. */
export class TextMeter {
  #bytes = 0;
  #last: number | undefined;

  async *through(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#bytes += chunk.length;
      this.#last = chunk.at(-1) ?? this.#last;
      yield chunk;
    }
  }

  /** Of what has passed so far. */
  get size(): TextSize {
    return { textBytes: this.#bytes, endsWithLineFeed: this.#last === lineFeed };
  }
}
