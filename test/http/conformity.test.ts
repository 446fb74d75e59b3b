/** The check that guards every other test of this folder must itself be able to fail. */
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { json, operation } from '../../src/http/operation.js';
import { validatorCompiler } from '../../src/http/validation.js';
import { watchAnswers } from './conformity.js';

async function violationsFor(answer: { status: number; type?: string; body: unknown }) {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  const violations = watchAnswers(app);
  const schema = operation(
    { operationId: 'x', tag: 'Service', summary: 'X', description: 'X.' },
    {},
    { answers: { 200: json('X.', z.strictObject({ a: z.number() })) }, problems: [] },
  );
  app.get('/', { schema }, async (_, reply) =>
    reply
      .code(answer.status)
      .type(answer.type ?? 'application/json')
      .send(answer.body),
  );
  await app.inject('/');
  return violations;
}

const problem = {
  type: '/problems/internal-error',
  title: 't',
  status: 500,
  detail: 'd',
  retryable: true,
  nextAction: 'n',
  requestId: 'r',
};

describe('watchAnswers', () => {
  it('is content with what is documented', async () => {
    expect(await violationsFor({ status: 200, body: { a: 1 } })).toEqual([]);
    const type = 'application/problem+json';
    expect(await violationsFor({ status: 500, type, body: problem })).toEqual([]);
  });

  it.each([
    ['a wrong type', { status: 200, body: { a: 'x' } }, /expected number/],
    ['a field too many', { status: 200, body: { a: 1, b: 2 } }, /Unrecognized key/],
    ['another status', { status: 201, body: { a: 1 } }, /status is not documented/],
    ['another media type', { status: 200, type: 'text/csv', body: 'a' }, /media type text\/csv/],
    [
      'a slug that is not documented',
      {
        status: 500,
        type: 'application/problem+json',
        body: { ...problem, type: '/problems/engine-failed' },
      },
      /slug engine-failed is not documented/,
    ],
    [
      'a problem that is none',
      { status: 500, type: 'application/problem+json', body: { ...problem, title: undefined } },
      /title/,
    ],
  ])('sees %s', async (_, answer, message) => {
    expect((await violationsFor(answer)).join()).toMatch(message);
  });
});
