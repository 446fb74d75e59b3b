/** Daymark's routes as calls. What it answers besides success is thrown as a ProblemAnswer. */
import type { CheckpointAnswer, RewindAnswer } from '../http/schemas/checkpoint.js';
import type { DayStatusAnswer, DaysAnswer } from '../http/schemas/days.js';
import type { ReadinessAnswer } from '../http/schemas/health.js';
import type { PlanAnswer } from '../http/schemas/plan.js';
import type { ProblemBody } from '../http/schemas/problem.js';
import type { RunAnswer, RunListAnswer } from '../http/schemas/run.js';
import type { VerifyAnswer } from '../http/schemas/verify.js';
import { inCommands } from './in-commands.js';
import { type Answer, type Call, type Transport, Unreachable } from './transport.js';

/** Which days: a selection by name, or a list. */
export interface DayWish {
  readonly select?: string;
  readonly days?: readonly string[];
}

/** The body of a run request. */
export interface RunWish extends DayWish {
  readonly dryRun?: boolean;
  readonly engine?: string;
  readonly onDayFailure?: string;
  readonly ifActive?: string;
}

export interface Client {
  readonly place: string;
  /** What the API advises, as commands that ask the same service. */
  inCommands(text: string): string;
  /** All of them, from all pages. */
  days(states?: readonly string[]): Promise<DaysAnswer>;
  day(day: string): Promise<DayStatusAnswer>;
  /** The same. */
  plan(wish: DayWish): Promise<PlanAnswer>;
  /** `inSync`: a checkpoint that drifted is a problem. */
  checkpoint(options?: { readonly inSync: boolean }): Promise<CheckpointAnswer>;
  /** Null rewinds everything. */
  rewind(day: string | null): Promise<RewindAnswer>;
  /** Answers as soon as the run has a place. */
  submit(wish: RunWish, key: string | null): Promise<RunAnswer>;
  run(id: string): Promise<RunAnswer>;
  /** The run's events after one that was seen; null where there is no such stream, or no room in it. */
  events(
    id: string,
    lastEventId: string | null,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null>;
  /** Begins a comparison of the output with its raw files, or joins one: the dry run to follow. */
  verify(wish: { readonly engine?: string }): Promise<RunAnswer>;
  /** Of such a run, once it has ended. */
  verdicts(runId: string): Promise<VerifyAnswer>;
  /** Short ones. */
  runs(query: { readonly limit: number; readonly status?: string }): Promise<RunListAnswer>;
  cancel(id: string): Promise<RunAnswer>;
  readiness(): Promise<ReadinessAnswer>;
  close(): Promise<void>;
}

/** Daymark's own account of why a request was not answered as asked. */
export class ProblemAnswer extends Error {
  override readonly name = 'ProblemAnswer';

  constructor(
    readonly problem: ProblemBody,
    /** Who was asked for what. */
    readonly where: string,
  ) {
    super(problem.detail);
  }
}

export function createClient(transport: Transport): Client {
  const toCommands = (text: string) => inCommands(text, transport.options);
  const ask = async <Body>(call: Call): Promise<Body> => {
    const answer = await transport.send(call);
    return bodyOf<Body>(transport.place, call, { ...answer, text: toCommands(answer.text) });
  };
  const get = <Body>(path: string) => ask<Body>({ method: 'GET', path });

  return {
    place: transport.place,
    inCommands: toCommands,
    days: (states = []) =>
      allPages((page) => get<DaysAnswer>(`/v1/days${query({ state: states.join(), ...page })}`)),
    day: (day) => get(`/v1/days/${encodeURIComponent(day)}`),
    plan: ({ select = '', days = [] }) =>
      allPages((page) =>
        get<PlanAnswer>(`/v1/plan${query({ select, days: days.join(), ...page })}`),
      ),
    checkpoint: ({ inSync } = { inSync: false }) =>
      get(`/v1/checkpoint${query({ require: inSync ? 'in-sync' : '' })}`),
    rewind: (day) =>
      day === null
        ? ask({ method: 'DELETE', path: '/v1/checkpoint' })
        : ask({ method: 'PUT', path: '/v1/checkpoint', body: { day } }),
    submit: (body, key) =>
      key === null
        ? ask({ method: 'POST', path: '/v1/runs', body })
        : ask({ method: 'PUT', path: `/v1/runs/${encodeURIComponent(key)}`, body }),
    run: (id) => get(`/v1/runs/${id}`),
    events: (id, lastEventId, signal) => {
      const headers = lastEventId === null ? {} : { 'last-event-id': lastEventId };
      const call: Call = { method: 'GET', path: `/v1/runs/${id}/events`, headers };
      return transport.stream(call, 'text/event-stream', signal);
    },
    verify: ({ engine = '' }) => get(`/v1/verify${query({ engine })}`),
    verdicts: (runId) => get(`/v1/verify/${runId}`),
    runs: ({ limit, status = '' }) => get(`/v1/runs${query({ limit: String(limit), status })}`),
    cancel: (id) => ask({ method: 'POST', path: `/v1/runs/${id}/cancel` }),
    readiness: () => get('/health/ready'),
    close: () => transport.close(),
  };
}

interface Page {
  readonly days: readonly unknown[];
  readonly nextCursor: string | null;
}

const daysPerPage = '5000';

/** As one page. What it tells beside the days is as the last one has it. */
async function allPages<Answered extends Page>(
  ask: (page: { readonly limit: string; readonly cursor: string }) => Promise<Answered>,
): Promise<Answered> {
  const days: unknown[][] = [];
  for (let cursor = ''; ; ) {
    const page = await ask({ limit: daysPerPage, cursor });
    days.push([...page.days]);
    if (page.nextCursor === null) return { ...page, days: days.flat() };
    cursor = page.nextCursor;
  }
}

/** Empty values are left out. */
function query(values: Readonly<Record<string, string>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function bodyOf<Body>(place: string, { method, path }: Call, answer: Answer): Body {
  const body = parseJson(answer);
  if (body !== null && answer.status < 300) return body as Body;
  if (isProblem(body)) throw new ProblemAnswer(body, `${method} ${path} at ${place}`);
  throw new Unreachable(
    `${place} answered ${method} ${path} with ${answer.status} and nothing that Daymark would say.`,
    'Check the address: something else listens there, or a proxy stands before the service.',
  );
}

function parseJson({ headers, text }: Answer): object | null {
  if (!/json/.test(headers['content-type'] ?? '')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function isProblem(body: object | null): body is ProblemBody {
  return body !== null && 'type' in body && String(body.type).startsWith('/problems/');
}
