/** The service as an outsider meets it: over HTTP, each call shown as the curl line that does the same. */

import { describeCheckpoint } from '#daymark/cli/views/checkpoint.js';
import { createClient } from '#daymark/client/client.js';
import { createHttpTransport } from '#daymark/client/http-transport.js';
import type { Answer, Call } from '#daymark/client/transport.js';
import type { Checkpoint, Plan, ProblemBody, Run } from '#daymark/client/types.js';
import { hasEnded } from '#daymark/model/run.js';
import { Differs } from './confirm.js';
import { describePlan, describeRun } from './describe.js';
import { answer, command, paint } from './terminal.js';

export interface RunWish {
  /** Idempotency-Key */
  readonly key?: string;
  readonly body?: object;
}

export type DemoClient = ReturnType<typeof createDemoClient>;

/** `url` is asked for at each call: a service that was started again has another. */
export function createDemoClient(url: () => string) {
  const transport = () => createHttpTransport({ url: url() });
  const shared = () => createClient(transport());

  const send = async (call: Call, status = 200): Promise<Answer> => {
    const found = await transport().send(call);
    if (found.status === status) return found;
    const claim = `the answer to ${call.method} ${call.path}`;
    throw new Differs(claim, `${found.status}: ${found.text}`, status);
  };
  const show = async <Body>(call: Call, describe: (body: Body) => string, status = 200) => {
    await command(curlLine(url(), call));
    const { text, headers } = await send(call, status);
    const body = JSON.parse(text) as Body;
    const replayed = headers['idempotency-replayed'] === 'true';
    const code = paint(status < 400 ? 'green' : 'red', `${status}`);
    answer(`${code}  ${describe(body)}${replayed ? ' · replayed' : ''}`);
    return { ...body, replayed };
  };

  return {
    /** Answers once the run has ended. */
    run: (wish: RunWish = {}) => show<Run>(post('/v1/runs?wait=60', wish), describeRun),
    /** The same, for a run that fails because of its data. */
    runInVain: () => {
      const describe = ({ type, run }: ProblemBody) =>
        `${type}${run ? `: ${describeRun(run)}` : ''}`;
      return show<ProblemBody>(post('/v1/runs?wait=60', {}), describe, 422);
    },
    /** Answers at once. */
    startRun: (wish: RunWish) => show<Run>(post('/v1/runs', wish), describeRun, 202),
    checkpoint: () => show<Checkpoint>(get('/v1/checkpoint'), describeCheckpoint),
    plan: (select: 'pending' | 'new') => show<Plan>(get(`/v1/plan?select=${select}`), describePlan),

    // Asked on the side, and not shown.
    runById: (id: string) => shared().run(id),
    /** The run as soon as it is `far` enough, or has ended. Events would come too late. */
    watchRun: async (id: string, far: (run: Run) => boolean) => {
      for (;;) {
        const run = await shared().run(id);
        if (far(run) || hasEnded(run)) return run;
      }
    },
    days: () => shared().days(),
    output: async () =>
      (await send({ ...get('/v1/output'), headers: { accept: 'text/csv' } })).text,
  };
}

function get(path: string): Call {
  return { method: 'GET', path };
}

function post(path: string, { key, body }: RunWish): Call {
  return {
    method: 'POST',
    path,
    ...(key && { headers: { 'Idempotency-Key': key } }),
    ...(body && { body }),
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
