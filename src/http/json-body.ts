/** Bodies are JSON in UTF-8; a missing or empty body is an empty object. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../model/problems.js';

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_: FastifyRequest, bytes: Buffer) => parseJson(bytes),
  );
  app.addHook('preValidation', (request, _, done) => {
    if (request.body === undefined && takesBody(request.method)) request.body = {};
    done();
  });
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    // A decoder that is not fatal would silently turn bad bytes into other text.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ProblemError('invalid-json', `The body is not JSON: ${(error as Error).message}.`);
  }
}

function takesBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'DELETE';
}
