import { type Answer, type Call, type Transport, Unreachable } from './transport.js';

export interface HttpTransportOptions {
  /** May have a path, where a proxy puts the service under one. */
  readonly url: string;
  /** Null where the service is open. */
  readonly token?: string | null;
  /** For one answer. No request here waits for a run. */
  readonly timeoutMs?: number;
  /** See `Transport`. */
  readonly options?: string;
}

const defaultTimeoutMs = 60_000;

export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { url, token = null, timeoutMs = defaultTimeoutMs, options: again = '' } = options;
  const base = url.endsWith('/') ? url : `${url}/`;
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };

  const addressOf = (path: string) => new URL(path.replace(/^\//, ''), base);

  const send = async ({ method, path, headers, body }: Call): Promise<Answer> => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    try {
      const response = await fetch(addressOf(path), {
        method,
        headers: { ...authorization, ...headers, ...json },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      };
    } catch (error) {
      throw unreachable(url, timeoutMs, error as Error);
    }
  };
  const stream: Transport['stream'] = async ({ method, path, headers }, mediaType, signal) => {
    const response = await fetch(addressOf(path), {
      method,
      headers: { ...authorization, ...headers, accept: mediaType },
      signal,
    });
    const type = response.headers.get('content-type') ?? '';
    if (response.ok && type.startsWith(mediaType)) return response.body;
    await response.body?.cancel();
    return null;
  };
  return { place: url, options: again, send, stream, close: async () => {} };
}

function unreachable(url: string, timeoutMs: number, error: Error): Unreachable {
  if (error.name === 'TimeoutError') {
    const seconds = timeoutMs / 1000;
    return new Unreachable(
      `${url} did not answer within ${seconds} seconds.`,
      'Try again; if it stays silent, look at the log of the service.',
      { cause: error },
    );
  }
  return new Unreachable(
    `${url} cannot be reached: ${reasonOf(error)}.`,
    'Check the address, and whether the service runs: curl ADDRESS/health/live',
    { cause: error },
  );
}

/** What fetch itself says is "fetch failed"; its causes tell why. */
function reasonOf(error: Error): string {
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) {
    return cause.errors[0].message;
  }
  return cause instanceof Error ? reasonOf(cause) : error.message;
}
