/**
 * Random requests, good and bad, from our own OpenAPI document, several at once. None is answered with a
 * status of the 500s, every answer is what its route documents, and the output stays right. A failure
 * prints its seed and path: put them into `DAYMARK_SEED` and `DAYMARK_FUZZ_PATH` to see it again.
 */
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildDocument } from '../../src/http/openapi-yaml.js';
import { problemSchema } from '../../src/http/schemas/problem.js';
import { type FuzzedRequest, operationsOf, requestFor } from './http-requests.js';
import { startWatchedService, type WatchedService } from './http-watched-service.js';
import { exchange, parseAnswer, type WireAnswer } from './http-wire.js';
import { soak } from './soak.js';

const { DAYMARK_FUZZ_PATH } = process.env;
const numRuns = soak ? 20_000 : 200;

const days = {
  '0': [{ hour: 8, produce: 2, dairy: 1 }],
  '1': [{ hour: 9, produce: 3 }],
  '2': [{ hour: 23, dairy: 5 }],
};
const expected = [
  'day_of_week,hour_of_day,category,items_count',
  ...['0,8,dairy,1', '0,8,produce,2', '1,9,produce,3', '2,23,dairy,5', ''],
].join('\n');

async function send({ address }: WatchedService, request: FuzzedRequest): Promise<WireAnswer> {
  const { method, target, headers, body } = request;
  const bytes = Buffer.from(body ?? '');
  const length = body === null ? [] : [`content-length: ${bytes.length}`];
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    ...headers.map((each) => each.join(': ')),
    ...length,
    '\r\n',
  ];
  const text = await exchange(address, Buffer.concat([Buffer.from(lines.join('\r\n')), bytes]));
  return parseAnswer(text);
}

function check({ method }: FuzzedRequest, { status, headers, body }: WireAnswer): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  expect(Object.keys(headers).join()).not.toContain('access-control');
  if (status < 400) return;
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  if (method === 'HEAD') return;
  expect(problemSchema.parse(JSON.parse(body)).status).toBe(status);
}

it(`${numRuns} volleys of random requests`, { timeout: 60_000 + numRuns * 200 }, async () => {
  const test = await startWatchedService(days);
  const run = () => fetch(`${test.address}/v1/runs?wait=30`, { method: 'POST' });
  expect((await run()).status).toBe(200);
  const operations = operationsOf(parse(await buildDocument()));
  const statuses = new Map<string, number[]>();

  const volley = async (requests: readonly FuzzedRequest[]) => {
    const answers = await Promise.all(requests.map((request) => send(test, request)));
    for (const [index, answer] of answers.entries()) {
      const request = requests[index] as FuzzedRequest;
      check(request, answer);
      statuses.set(request.operation, [...(statuses.get(request.operation) ?? []), answer.status]);
    }
    expect(test.violations).toEqual([]);
  };
  const request = fc.oneof(...operations.map(requestFor));
  await fc.assert(fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 5 }), volley), {
    numRuns,
    ...(DAYMARK_FUZZ_PATH === undefined ? {} : { path: DAYMARK_FUZZ_PATH }),
  });

  if (DAYMARK_FUZZ_PATH === undefined) expectReach(operations.length, statuses);
  expect((await run()).status).toBe(200);
  expect(await readFile(test.outputFile, 'utf8')).toBe(expected);
  expect(test.errors).toEqual([]);
});

/** Requests that all fail, or all succeed, would prove little. */
function expectReach(operations: number, statuses: ReadonlyMap<string, readonly number[]>): void {
  const all = [...statuses.values()].flat();
  expect(statuses.size).toBe(operations);
  expect(all.filter((status) => status < 300).length).toBeGreaterThan(all.length / 5);
  expect(all.filter((status) => status >= 400).length).toBeGreaterThan(all.length / 5);
  process.stdout.write(`${all.length} requests, ${countsOf(all)}\n`);
}

function countsOf(statuses: readonly number[]): string {
  return [...new Set(statuses)]
    .sort()
    .map((status) => `${statuses.filter((each) => each === status).length} × ${status}`)
    .join(', ');
}
