/** The service as an outsider meets it: over HTTP, each call shown as the curl line that does the same. */
import type { CheckpointAnswer } from '../http/schemas/checkpoint.js';
import type { DaysAnswer } from '../http/schemas/days.js';
import type { PlanAnswer } from '../http/schemas/plan.js';
import type { ProblemBody } from '../http/schemas/problem.js';
import type { RunAnswer } from '../http/schemas/run.js';
import { Differs } from './confirm.js';
import { describeCheckpoint, describePlan, describeRun } from './describe.js';
import { answer, command, paint } from './terminal.js';

export interface RunWish {
  /** Idempotency-Key */
  readonly key?: string;
  readonly body?: object;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

interface Answer<Body> {
  readonly headers: Headers;
  readonly body: Body;
}

export type Client = ReturnType<typeof createClient>;

/** `url` is asked for at each call: a service that was started again has another. */
export function createClient(url: () => string) {
  const send = async (call: Call, status: number): Promise<Response> => {
    const { method, path, headers, body } = call;
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === status) return response;
    const found = `${response.status}: ${await response.text()}`;
    throw new Differs(`the answer to ${method} ${path}`, found, status);
  };
  const ask = async <Body>(call: Call, status = 200): Promise<Answer<Body>> => {
    const response = await send(call, status);
    return { headers: response.headers, body: (await response.json()) as Body };
  };
  const show = async <Body>(call: Call, describe: (body: Body) => string, status = 200) => {
    await command(curlLine(url(), call));
    const found = await ask<Body>(call, status);
    answer(
      `${paint(status < 400 ? 'green' : 'red', `${status}`)}  ${describe(found.body)}${isReplay(found) ? ' · replayed' : ''}`,
    );
    return found;
  };

  return {
    /** Answers once the run has ended. */
    run: async (wish: RunWish = {}) => {
      const found = await show<RunAnswer>(post('/v1/runs?wait=60', wish), describeRun);
      return { ...found.body, replayed: isReplay(found) };
    },
    /** The same, for a run that fails because of its data. */
    runInVain: async () => {
      const describe = ({ type, run }: ProblemBody) =>
        `${type}${run ? `: ${describeRun(run)}` : ''}`;
      return (await show<ProblemBody>(post('/v1/runs?wait=60', {}), describe, 422)).body;
    },
    /** Answers at once. */
    startRun: async (wish: RunWish) =>
      (await show<RunAnswer>(post('/v1/runs', wish), describeRun, 202)).body,
    checkpoint: async () =>
      (await show<CheckpointAnswer>(get('/v1/checkpoint'), describeCheckpoint)).body,
    plan: async (select: 'pending' | 'new') =>
      (await show<PlanAnswer>(get(`/v1/plan?select=${select}`), describePlan)).body,

    // Asked on the side, and not shown.
    runById: async (id: string) => (await ask<RunAnswer>(get(`/v1/runs/${id}`))).body,
    /** The run as soon as it is `far` enough, or has ended. */
    followRun: async (id: string, far: (run: RunAnswer) => boolean) => {
      for (;;) {
        const { body } = await ask<RunAnswer>(get(`/v1/runs/${id}`));
        if (far(body) || body.finishedAt !== null) return body;
      }
    },
    days: async () => (await ask<DaysAnswer>(get('/v1/days'))).body,
    output: async () =>
      (await send({ ...get('/v1/output'), headers: { accept: 'text/csv' } }, 200)).text(),
  };
}

function isReplay({ headers }: Answer<unknown>): boolean {
  return headers.get('idempotency-replayed') === 'true';
}

function get(path: string): Call {
  return { method: 'GET', path };
}

function post(path: string, { key, body }: RunWish): Call {
  return {
    method: 'POST',
    path,
    ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
    ...(body === undefined ? {} : { body }),
  };
}

function curlLine(url: string, { method, path, headers = {}, body }: Call): string {
  const target = path.includes('?') ? `'${url}${path}'` : `${url}${path}`;
  const options = [
    // --json makes it a POST.
    ...(method === 'POST' && body === undefined ? ['-X POST'] : []),
    ...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`),
    ...(body === undefined ? [] : [`--json '${JSON.stringify(body)}'`]),
  ];
  return ['curl', ...options, target].join(' ');
}
