/** examples/airflow: the DAG's own requests and checks, against a real service. Airflow itself is not needed. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

const dagFile = 'examples/airflow/daymark_orders.py';
const token = 'operate-secret';
const authorization = { authorization: `Bearer ${token}` };
const bad = 'order_id,order_hour_of_day,milk\n1,8,many\n';
const key = 'daymark_orders:2026-11-23T05:00:00Z';

const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;
if (!hasPython) process.stdout.write('Skipped: tests of examples/airflow, which need python3.\n');

type Line =
  | { readonly request: readonly [method: string, path: string, status: number] }
  | { readonly task: string; readonly result?: unknown; readonly failed?: string; final?: boolean };

const start = () => startTestService({ env: { DAYMARK_OPERATE_TOKEN: token } });

async function runDag(
  { url }: Pick<TestService, 'url'>,
  { date = '2026-11-23T05:00:00', secret = token, runId = 'manual__1' } = {},
): Promise<Line[]> {
  const args = ['-B', 'test/examples/run_dag.py', dagFile, url, secret, date, runId];
  const { stdout } = await promisify(execFile)('python3', args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const tasksOf = (lines: readonly Line[]) => lines.filter((line) => 'task' in line);
const requestsOf = (lines: readonly Line[]) =>
  lines.flatMap((line) => ('request' in line ? [line.request] : []));

describe.runIf(hasPython)('the DAG', () => {
  it('compiles', async () => {
    const code =
      'import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)';
    const target = `${await makeTempDir()}/dag.pyc`;
    expect(spawnSync('python3', ['-c', code, dagFile, target]).status).toBe(0);
  });

  it('submits under a key of its id and logical date, and waits until that run has succeeded', async () => {
    const service = await start();
    await service.land('0', [[8, { milk: 2 }]]);
    const lines = await runDag(service);
    const { body: run } = await service.call('GET', `/v1/runs/${key}`, undefined, authorization);
    expect(run).toMatchObject({ key, status: 'succeeded', select: 'pending', commit: 1 });
    expect(tasksOf(lines)).toEqual([
      { task: 'submit', result: run.id },
      { task: 'wait_for_result', result: true },
    ]);
    expect(requestsOf(lines)[0]).toEqual(['PUT', `/v1/datasets/orders/runs/${key}`, 202]);
    expect(requestsOf(lines).at(-1)).toEqual([
      'GET',
      `/v1/datasets/orders/runs/${key}/result`,
      200,
    ]);
  });

  it('that is cleared after a success is answered with the same run', async () => {
    const service = await start();
    await service.land('0', [[8, { milk: 2 }]]);
    const [first, again] = [await runDag(service), await runDag(service)];
    expect(requestsOf(again)[0]?.[2]).toBe(200);
    expect(tasksOf(again)).toEqual(tasksOf(first));
  });

  it('fails at once for bad data, with its place, and succeeds when that is mended and it is cleared', async () => {
    const service = await start();
    await service.land('0', bad);
    const failed = tasksOf(await runDag(service)).at(-1);
    expect(failed).toMatchObject({ task: 'wait_for_result', final: true });
    expect(JSON.stringify(failed)).toMatch(/409 \/problems\/run-failed.*line 2.*milk/);
    await service.land('0', [[8, { milk: 2 }]]);
    expect(tasksOf(await runDag(service)).at(-1)).toMatchObject({ result: true });
  });

  it('goes by its run id where there is no logical date', async () => {
    const service = await start();
    const runId = 'manual__2026-11-23T05:00:00.123456+00:00';
    const lines = await runDag(service, { date: 'none', runId });
    expect(requestsOf(lines)[0]?.[1]).toBe(`/v1/datasets/orders/runs/daymark_orders:${runId}`);
    expect(tasksOf(lines).at(-1)).toMatchObject({ task: 'wait_for_result', result: true });
  });

  it('leaves a wrong token to its retries', async () => {
    const service = await start();
    expect(tasksOf(await runDag(service, { secret: 'wrong' }))).toEqual([
      { task: 'submit', failed: '401:Unauthorized', final: false },
    ]);
  });
});

describe.runIf(hasPython)('the sensor’s check', () => {
  const judge = async (status: number, body: object) => {
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      const isSubmit = request.method === 'PUT';
      response.writeHead(isSubmit ? 202 : status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isSubmit ? { id: 'r', status: 'running' } : body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const lines = await runDag({ url: `http://127.0.0.1:${port}` });
    server.close();
    return tasksOf(lines).at(-1);
  };

  it('does not wait for a run that is not known', async () => {
    const problem = { type: '/problems/run-not-found', detail: 'No run has this key.' };
    expect(await judge(404, problem)).toMatchObject({
      failed: expect.stringMatching(/run-not-found.*Clear `submit`/),
      final: true,
    });
  });

  it('leaves a service that is not there yet to the retries', async () => {
    const problem = { type: '/problems/shutting-down', detail: 'It stops.' };
    expect(await judge(503, problem)).toMatchObject({ final: false });
  });
});
