/**
 * Daymark's routes as calls, for the command line, the dashboard and the demo. Any answer but a success is thrown as a
 * RequestFailure.
 */
import { RequestFailure } from './request-failure.js';
import type { Answer, Call, Transport } from './transport.js';
import type {
  Checkpoint,
  Dataset,
  DayStatus,
  Days,
  DayWish,
  Plan,
  ProblemBody,
  Readiness,
  Rewind,
  Run,
  RunList,
  RunWish,
  Sums,
  Verdicts,
} from './types.js';

export interface Client {
  readonly place: string;
  /** All of the service. */
  datasets(): Promise<readonly Dataset[]>;
  /** All of them, from all pages. */
  days(states?: readonly string[]): Promise<Days>;
  /** The newest first; null if nothing has changed since the answer with `etag`. */
  daysPage(page: DaysPage): Promise<{ readonly answer: Days; readonly etag: string | null } | null>;
  day(day: string): Promise<DayStatus>;
  /** All its days, or the first ones; `total` covers all. */
  plan(wish: DayWish, limit?: number): Promise<Plan>;
  /** `inSync`: a checkpoint that drifted is a problem. */
  checkpoint(options?: { readonly inSync: boolean }): Promise<Checkpoint>;
  /** Null rewinds everything. */
  rewind(day: string | null): Promise<Rewind>;
  /** Answers as soon as the run is accepted. With a key it is safe to send again. */
  submit(wish: RunWish, key: string | null): Promise<Run>;
  run(id: string): Promise<Run>;
  /** The run's events after the last one received; null if there is no such stream, or no stream is free. */
  events(
    id: string,
    lastEventId: string | null,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null>;
  /** Starts or joins a comparison of the output with its raw files; returns the dry run to follow. */
  verify(wish: { readonly engine?: string }): Promise<Run>;
  /** Of such a run, once it has ended. */
  verdicts(runId: string): Promise<Verdicts>;
  /** Short ones, the newest first. */
  runs(query: RunsQuery): Promise<RunList>;
  cancel(id: string): Promise<Run>;
  /** Sums of rows by the values of a key, the largest first. */
  sums(wish: SumsWish): Promise<Sums>;
  readiness(): Promise<Readiness>;
  close(): Promise<void>;
}

export interface DaysPage {
  readonly limit: number;
  readonly cursor: string | null;
  readonly etag: string | null;
}

export interface SumsWish {
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  /** That can be added up, or `rows`. */
  readonly measure: string;
  readonly per?: 'day';
  /** Only rows with this value of a key column. */
  readonly where: [name: string, value: string] | null;
}

export interface RunsQuery {
  readonly limit: number;
  readonly status?: string;
  readonly cursor?: string;
}

/** `listen` is called as a request is sent; what it returns gets the failure of that request before it is thrown. */
export function createClient(
  transport: Transport,
  listen: () => (failure: RequestFailure) => void = () => () => {},
): Client {
  /** Null if nothing has changed. */
  const askUnlessKnown = async <Body>(call: Call) => {
    const heard = listen();
    try {
      const answer = await transport.send(call);
      if (answer.status === 304) return null;
      const body = bodyOf<Body>(transport.place, call, answer);
      return { answer: body, etag: answer.headers['etag'] ?? null };
    } catch (error) {
      if (error instanceof RequestFailure) heard(error);
      throw error;
    }
  };
  const ask = async <Body>(method: Call['method'], path: string, body?: object) =>
    (await askUnlessKnown<Body>({ method, path, ...(body && { body }) }))?.answer as Body;
  const get = <Body>(path: string, values: QueryValues = {}) =>
    ask<Body>('GET', path + query(values));

  return {
    place: transport.place,
    datasets: async () =>
      (await get<{ readonly datasets: readonly Dataset[] }>('/v1/datasets')).datasets,
    days: (states = []) =>
      allPages((page) => get<Days>('/v1/days', { state: states.join(), ...page })),
    daysPage: ({ limit, cursor, etag }) => {
      const path = `/v1/days${query({ order: 'newest', limit, cursor })}`;
      const headers = etag === null ? {} : { 'if-none-match': etag };
      return askUnlessKnown({ method: 'GET', path, headers });
    },
    day: (day) => get(`/v1/days/${encodeURIComponent(day)}`),
    plan: ({ select, days = [] }, limit) => {
      const page = (more: QueryValues) =>
        get<Plan>('/v1/plan', { select, days: days.join(), ...more });
      return limit === undefined ? allPages(page) : page({ limit });
    },
    checkpoint: ({ inSync } = { inSync: false }) =>
      get('/v1/checkpoint', { require: inSync ? 'in-sync' : '' }),
    rewind: (day) =>
      day === null ? ask('DELETE', '/v1/checkpoint') : ask('PUT', '/v1/checkpoint', { day }),
    submit: (body, key) =>
      key === null
        ? ask('POST', '/v1/runs', body)
        : ask('PUT', `/v1/runs/${encodeURIComponent(key)}`, body),
    run: (id) => get(`/v1/runs/${encodeURIComponent(id)}`),
    events: (id, lastEventId, signal) => {
      const headers = lastEventId === null ? {} : { 'last-event-id': lastEventId };
      const path = `/v1/runs/${encodeURIComponent(id)}/events`;
      return transport.stream({ method: 'GET', path, headers }, 'text/event-stream', signal);
    },
    verify: (wish) => get('/v1/verify', { ...wish }),
    verdicts: (runId) => get(`/v1/verify/${encodeURIComponent(runId)}`),
    runs: (values) => get('/v1/runs', { ...values }),
    cancel: (id) => ask('POST', `/v1/runs/${encodeURIComponent(id)}/cancel`),
    sums: ({ where, ...values }) => {
      // An empty cell is a value to filter by.
      const filter = where === null ? '' : `&${new URLSearchParams([where])}`;
      return get(`/v1/output/totals${query({ ...values })}${filter}`);
    },
    readiness: () => get('/health/ready'),
    close: () => transport.close(),
  };
}

interface Page {
  readonly days: readonly unknown[];
  readonly nextCursor: string | null;
}

/** As one page. Its other values are those of the last page. */
async function allPages<Answered extends Page>(
  ask: (page: { readonly limit: number; readonly cursor: string }) => Promise<Answered>,
): Promise<Answered> {
  const days: unknown[][] = [];
  for (let cursor = ''; ; ) {
    const page = await ask({ limit: 5_000, cursor });
    days.push([...page.days]);
    if (page.nextCursor === null) return { ...page, days: days.flat() };
    cursor = page.nextCursor;
  }
}

type QueryValues = Readonly<Record<string, string | number | null | undefined>>;

/** Empty values are left out. */
function query(values: QueryValues): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === '' || value === null || value === undefined
      ? []
      : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** The expected answer; any other is thrown. */
function bodyOf<Body>(place: string, { method, path }: Call, answer: Answer): Body {
  const body = jsonIn(answer);
  if (body !== null && answer.status < 300) return body as Body;
  const where = `${method} ${path} at ${place}`;
  if (isProblemBody(body)) throw new RequestFailure(body, where);
  const { status } = answer;
  throw new RequestFailure(
    {
      title: 'The answer is not one of Daymark',
      detail: `${place} answered ${method} ${path} with ${status}, which is not an answer of Daymark.`,
      nextAction:
        'Check the address: something else listens there, or there is a proxy in front of the service.',
      status,
    },
    where,
  );
}

function jsonIn({ headers, text }: Answer): object | null {
  if (!/json/.test(headers['content-type'] ?? '')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function isProblemBody(body: object | null): body is ProblemBody {
  return body !== null && 'type' in body && String(body.type).startsWith('/problems/');
}
