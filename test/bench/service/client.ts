import { Agent, type IncomingMessage, request } from 'node:http';

export interface Answer {
  /** From sending the request until the whole answer was here. */
  readonly ms: number;
  readonly body: Buffer;
}

export interface RunAnswer {
  readonly ms: number;
  readonly days: readonly { readonly outcome: string }[];
}

export interface Client {
  get(path: string): Promise<Answer>;
  /** POST /v1/runs, or that of a dataset, waiting for the end; throws unless the run succeeded. */
  run(body?: object, dataset?: string): Promise<RunAnswer>;
  close(): void;
}

/** One connection, kept alive. Throws for every answer but 200. */
export function createClient(url: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (method: string, path: string, body?: object): Promise<Answer> => {
    const startedAt = performance.now();
    const response = await exchange(agent, `${url}${path}`, method, body);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const ms = performance.now() - startedAt;
    const answer = { ms, body: Buffer.concat(chunks) };
    if (response.statusCode === 200) return answer;
    throw new Error(`${method} ${path}: ${response.statusCode} ${answer.body.toString()}`);
  };
  return {
    get: (path) => send('GET', path),
    run: async (body, dataset) => {
      const root = dataset === undefined ? '/v1' : `/v1/datasets/${dataset}`;
      const answer = await send('POST', `${root}/runs?wait=3600`, body);
      const run = JSON.parse(answer.body.toString()) as Record<string, unknown>;
      if (run['status'] !== 'succeeded') throw new Error(`a run ended as ${run['status']}`);
      return { ms: answer.ms, days: run['days'] as RunAnswer['days'] };
    },
    close: () => agent.destroy(),
  };
}

function exchange(
  agent: Agent,
  url: string,
  method: string,
  body: object | undefined,
): Promise<IncomingMessage> {
  const json = body === undefined ? null : JSON.stringify(body);
  const headers =
    json === null
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, resolve);
    sent.once('error', reject);
    sent.end(json ?? undefined);
  });
}
