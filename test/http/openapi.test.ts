import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildDocument, documentFile } from '../../src/http/openapi-yaml.js';
import { problems } from '../../src/model/problems.js';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly responses: Record<string, { description: string; content?: Record<string, unknown> }>;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, { readonly description?: string }>;
    readonly responses: Record<string, Operation['responses'][string]>;
  };
}

/** Of the first dataset in this form, and of each under its name. */
const ofDatasets = [
  'POST /v1/runs',
  'GET /v1/runs',
  'PUT /v1/runs/{id}',
  'GET /v1/runs/{id}',
  'GET /v1/runs/{id}/result',
  'GET /v1/runs/{id}/events',
  'POST /v1/runs/{id}/cancel',
  'GET /v1/plan',
  'GET /v1/checkpoint',
  'PUT /v1/checkpoint',
  'DELETE /v1/checkpoint',
  'GET /v1/days',
  'GET /v1/days/{day}',
  'GET /v1/days/{day}/receipt',
  'GET /v1/output',
  'GET /v1/output/totals',
  'GET /v1/verify',
  'GET /v1/verify/{id}',
];

const operations = [
  ...ofDatasets,
  ...ofDatasets.map((each) => each.replace('/v1', '/v1/datasets/{dataset}')),
  'GET /v1/datasets',
  'GET /v1/datasets/{dataset}',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /problems',
  'GET /problems/{slug}',
];

let text: string;
let document: Document;

beforeAll(async () => {
  text = await buildDocument();
  document = parse(text);
});

function everyOperation(): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      { ...operation, responses: resolved(operation.responses) },
    ]),
  );
}

/** What several operations answer alike stands in the components. */
function resolved(responses: Operation['responses']): Operation['responses'] {
  return Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => {
      const { $ref } = answer as { readonly $ref?: string };
      const name = $ref?.replace('#/components/responses/', '') ?? '';
      return [status, document.components.responses[name] ?? answer];
    }),
  );
}

describe('openapi/openapi.yaml', () => {
  it('is what the routes say (run `npm run build` after a change)', async () => {
    expect(await readFile(documentFile, 'utf8')).toBe(text);
  });

  it('has every route', () => {
    expect(everyOperation().map(([name]) => name)).toEqual(expect.arrayContaining(operations));
    expect(everyOperation()).toHaveLength(operations.length);
  });

  it('describes every operation', () => {
    for (const [name, operation] of everyOperation()) {
      expect(operation, name).toMatchObject({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/),
        summary: expect.stringMatching(/^[A-Z].*[^.]$/),
        description: expect.stringMatching(/\.$/),
        tags: [expect.any(String)],
      });
    }
    const ids = everyOperation().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('documents every error as a problem, with its slugs', () => {
    for (const [name, { responses }] of everyOperation()) {
      for (const [status, { description, content }] of Object.entries(responses)) {
        if (Number(status) < 400) continue;
        expect(Object.keys(content ?? {}), `${name} ${status}`).toEqual([
          'application/problem+json',
        ]);
        expect(description, `${name} ${status}`).toMatch(/^`[a-z-]+`: /);
      }
    }
  });

  it('documents every problem somewhere', () => {
    const everything = everyOperation().flatMap(([, { responses }]) =>
      Object.values(responses).map(({ description }) => description),
    );
    for (const slug of Object.keys(problems)) {
      expect(
        everything.some((each) => each.includes(`\`${slug}\``)),
        slug,
      ).toBe(true);
    }
  });

  it('tells both forms of a route in little more than one', () => {
    const routes = everyOperation().filter(([name]) => name.includes('{dataset}/'));
    for (const [name, { operationId, description }] of routes) {
      expect(operationId, name).toMatch(/OfDataset$/);
      expect(description, name).toMatch(
        /^As `[A-Z]+ \/v1\/.*`, of the dataset that the path names\.$/,
      );
    }
    expect(text.split('\n').length).toBeLessThan(4_600);
  });

  it('describes every component', () => {
    for (const [name, { description }] of Object.entries(document.components.schemas)) {
      expect(description, name).toMatch(/\S/);
      expect(name).not.toMatch(/Input$/);
    }
  });
});
