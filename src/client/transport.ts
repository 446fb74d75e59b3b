/** How a request reaches Daymark: over HTTP, or in the same process. The routes are the same. */

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the root of the service, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Transport {
  /** Where requests go, for people: an address, or the files in this process. */
  readonly place: string;
  /** Resolves with any answer, good or bad; throws a RequestFailure if there is none. */
  send(call: Call): Promise<Answer>;
  /** A streamed answer of this media type; null if it has another. May throw anything. */
  stream(
    call: Call,
    mediaType: string,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null>;
  close(): Promise<void>;
}
