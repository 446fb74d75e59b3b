/** How a request reaches Daymark: over HTTP, or in this very process. Both speak of the same routes. */

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
  /** Who is asked, for people: an address, or the files in this process. */
  readonly place: string;
  /** Resolves with any answer, good or bad; throws a RequestFailure where there is none. */
  send(call: Call): Promise<Answer>;
  /** An answer that comes bit by bit, of this media type; null where another one is given. May throw anything. */
  stream(
    call: Call,
    mediaType: string,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null>;
  close(): Promise<void>;
}
