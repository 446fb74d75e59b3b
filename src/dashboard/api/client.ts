/** The API, as the page uses it. Every answer that is no success is thrown as a `RequestFailure`. */
import { problemOf, RequestFailure, unreachable } from '../model/problem.js';
import type { Session } from './session.js';
import type {
  Checkpoint,
  DayStatus,
  Days,
  OutputAnswer,
  Plan,
  RewindAnswer,
  Run,
  RunList,
  Wish,
} from './types.js';

export interface Api {
  checkpoint(): Promise<Checkpoint>;
  plan(wish?: Wish): Promise<Plan>;
  /** A page, the newest day first; null where nothing has changed since the answer with `etag`. */
  days(page: DaysPage): Promise<{ readonly answer: Days; readonly etag: string | null } | null>;
  day(day: string): Promise<DayStatus>;
  runs(limit: number, cursor?: string): Promise<RunList>;
  activeRuns(): Promise<RunList>;
  run(id: string): Promise<Run>;
  /** Rows of a day, at most 10,000 in a page; only the cursor tells whether there are more. */
  rows(day: string, cursor: string | null): Promise<OutputAnswer>;
  /** Safe to send again under the same key. */
  start(key: string, wish: Wish): Promise<Run>;
  cancel(id: string): Promise<Run>;
  /** To a day, or everything (null). */
  rewind(day: string | null): Promise<RewindAnswer>;
  /** The run's events; null where the service has no such stream, or no room in it. */
  events(
    id: string,
    lastEventId: string | null,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null>;
}

export interface DaysPage {
  readonly limit: number;
  readonly cursor: string | null;
  readonly etag: string | null;
}

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `base` is empty in the page itself, which asks its own origin. */
export function createApi(session: Session, base = ''): Api {
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const asked = `${init.method ?? 'GET'} ${path}`;
    const token = session.token.value;
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    try {
      return await fetch(`${base}${path}`, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new RequestFailure(unreachable(asked, reasonOf(error)));
    }
  };

  /** Null where the answer is that nothing has changed. */
  const askUnlessKnown = async <T>(path: string, asked: Asked = {}) => {
    const { method = 'GET', body, headers } = asked;
    const response = await send(path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (response.status === 304) return null;
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok && answer !== null) {
      return { answer: answer as T, etag: response.headers.get('etag') };
    }
    const problem = problemOf(`${method} ${path}`, response.status, answer);
    if (response.status === 401) session.refusal.value = problem.detail;
    throw new RequestFailure(problem);
  };

  const ask = async <T>(path: string, asked?: Asked): Promise<T> =>
    (await askUnlessKnown<T>(path, asked))?.answer as T;

  return {
    checkpoint: () => ask('/v1/checkpoint'),
    plan: (wish = {}) => ask(`/v1/plan${planQuery(wish)}`),
    days: ({ limit, cursor, etag }) => {
      const after = cursor === null ? '' : `&cursor=${cursor}`;
      const headers = etag === null ? {} : { 'if-none-match': etag };
      return askUnlessKnown(`/v1/days?order=newest&limit=${limit}${after}`, { headers });
    },
    day: (day) => ask(`/v1/days/${encodeURIComponent(day)}`),
    runs: (limit, cursor) =>
      ask(`/v1/runs?limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`),
    activeRuns: () => ask('/v1/runs?status=queued,running&limit=10'),
    run: (id) => ask(`/v1/runs/${encodeURIComponent(id)}`),
    rows: (day, cursor) =>
      ask(
        `/v1/output?day=${encodeURIComponent(day)}&limit=10000${cursor === null ? '' : `&cursor=${cursor}`}`,
      ),
    start: (key, wish) => ask(`/v1/runs/${encodeURIComponent(key)}`, { method: 'PUT', body: wish }),
    cancel: (id) => ask(`/v1/runs/${encodeURIComponent(id)}/cancel`, { method: 'POST' }),
    rewind: (day) =>
      day === null
        ? ask('/v1/checkpoint', { method: 'DELETE' })
        : ask('/v1/checkpoint', { method: 'PUT', body: { day } }),
    events: async (id, lastEventId, signal) => {
      const resume = lastEventId === null ? {} : { 'last-event-id': lastEventId };
      const response = await send(`/v1/runs/${encodeURIComponent(id)}/events`, {
        headers: { accept: 'text/event-stream', ...resume },
        signal,
      });
      const type = response.headers.get('content-type') ?? '';
      if (response.ok && type.startsWith('text/event-stream')) return response.body;
      await response.body?.cancel();
      return null;
    },
  };
}

/** As many days as a preview shows; `total` has all. */
function planQuery({ select = 'pending', days }: Wish): string {
  const which =
    days === undefined ? `select=${select}` : `days=${days.map(encodeURIComponent).join(',')}`;
  return `?${which}&limit=100`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
