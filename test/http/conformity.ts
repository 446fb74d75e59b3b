/**
 * Holds every answer of an app against the schema that its route documents: status, media type, body, and
 * for problems the slug. The service itself does not check its answers, so the tests must.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answered } from '../../src/http/operation.js';
import { problemSchema } from '../../src/http/schemas/problem.js';

/** Sentences, one for each answer that is not what was documented. Call it before the app is ready. */
export function watchAnswers(app: FastifyInstance): readonly string[] {
  const violations: string[] = [];
  app.addHook('onSend', async (request, reply, payload) => {
    for (const message of violationsOf(request, reply, payload)) {
      violations.push(`${request.method} ${request.url} ${reply.statusCode}: ${message}`);
    }
  });
  return violations;
}

function violationsOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): string[] {
  const mediaType = String(reply.getHeader('content-type') ?? '').split(';', 1)[0] ?? '';
  const body = bodyOf(mediaType, payload);
  const own = mediaType === 'application/problem+json' ? parse(problemSchema, body) : [];

  const documented = answersOf(request);
  if (documented === null) return own;
  const answer = documented[String(reply.statusCode)];
  if (answer === undefined) return [...own, 'the status is not documented'];
  if (answer instanceof z.ZodType) return payload ? [...own, 'a body was not expected'] : own;
  const schema = answer.content[mediaType]?.schema;
  if (schema === undefined) return [...own, `the media type ${mediaType} is not documented`];
  const undocumentedSlug = slugViolation(answer, mediaType, body);
  return [...own, ...undocumentedSlug, ...parse(schema, body)];
}

function bodyOf(mediaType: string, payload: unknown): unknown {
  if (typeof payload !== 'string') return streamed;
  return mediaType.endsWith('json') ? JSON.parse(payload) : payload;
}

/** Stands for a body that is not looked at. */
const streamed = Symbol('streamed');

function parse(schema: z.ZodType, body: unknown): string[] {
  if (body === streamed) return [];
  const { error } = schema.safeParse(body);
  return error === undefined ? [] : [z.prettifyError(error)];
}

function slugViolation({ description }: Answered, mediaType: string, body: unknown): string[] {
  if (mediaType !== 'application/problem+json') return [];
  const slug = (body as { type: string }).type.replace('/problems/', '');
  return description.includes(`\`${slug}\``) ? [] : [`the slug ${slug} is not documented`];
}

/** Null for what is no route of the API: Swagger UI, unknown paths, broken requests. */
function answersOf(request: FastifyRequest): Record<string, Answered | z.ZodUndefined> | null {
  const schema = request.routeOptions.schema;
  return (schema?.response ?? null) as Record<string, Answered | z.ZodUndefined> | null;
}
