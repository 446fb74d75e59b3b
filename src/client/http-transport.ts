/** Uses `fetch`, in Node.js and in browsers. */
import { RequestFailure } from './request-failure.js';
import type { Call, Transport } from './transport.js';

export interface HttpTransportOptions {
  /** May have a path, if a proxy serves Daymark under one. */
  readonly url: string;
  /** Read at each request; null if the service is open. */
  readonly token?: () => string | null;
  /** For one answer. No request here waits for a run. */
  readonly timeoutMs?: number;
}

export function createHttpTransport({
  url,
  token = () => null,
  timeoutMs = 60_000,
}: HttpTransportOptions): Transport {
  const base = folderOf(url);

  const request = ({ method, path, headers, body }: Call, more: RequestInit) => {
    const shown = token();
    return fetch(new URL(path.replace(/^\//, ''), base), {
      method,
      headers: {
        ...headers,
        ...(shown === null ? {} : { authorization: `Bearer ${shown}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...more,
    });
  };

  return {
    place: url,
    send: async (call) => {
      try {
        const response = await request(call, { signal: AbortSignal.timeout(timeoutMs) });
        const headers = Object.fromEntries(response.headers);
        return { status: response.status, headers, text: await response.text() };
      } catch (error) {
        throw unreachable(url, call, timeoutMs, error as Error);
      }
    },
    stream: async (call, mediaType, signal) => {
      const headers = { ...call.headers, accept: mediaType };
      const response = await request({ ...call, headers }, { signal });
      const type = response.headers.get('content-type') ?? '';
      if (response.ok && type.startsWith(mediaType)) return response.body;
      await response.body?.cancel();
      return null;
    },
    close: async () => {},
  };
}

function folderOf(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function unreachable(
  url: string,
  { method, path }: Call,
  timeoutMs: number,
  cause: Error,
): RequestFailure {
  const detail =
    cause.name === 'TimeoutError'
      ? `${url} did not answer within ${timeoutMs / 1000} seconds.`
      : `${url} cannot be reached: ${reasonOf(cause)}.`;
  const nextAction = `Check that the service is running and can be reached from here: curl ${folderOf(url)}health/live`;
  const title = 'Daymark does not answer';
  return new RequestFailure({ title, detail, nextAction }, `${method} ${path}`, { cause });
}

/** The message of fetch itself is only "fetch failed"; its causes say why. */
function reasonOf(error: Error): string {
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) {
    return cause.errors[0].message;
  }
  return cause instanceof Error ? reasonOf(cause) : error.message;
}
