/** Every answer but a success is a problem: this is where errors of any origin become one. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../model/problems.js';
import { type Problem, problemOf, sendProblem } from './problem.js';
import { nameAnswer } from './request-hooks.js';

export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, {
      slug: 'not-found',
      detail: `There is no ${request.method} ${request.url.split('?', 1)[0]}.`,
    }),
  );
}

/** For requests that fail before they reach a route: no hook has run by then. */
export function answerUnrouted(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  nameAnswer(request, reply);
  answerError(error, request, reply);
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = toProblem(error, request);
  const dataset = request.dataset?.name;
  if (problem.slug === 'internal-error') {
    request.log.error({ dataset, err: error }, 'a request failed for an unexpected reason');
  } else if (error instanceof ProblemError && error.cause !== undefined) {
    request.log.warn({ dataset, err: error.cause }, error.message);
  }
  return sendProblem(request, reply, problem);
}

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof ProblemError) return problemOf(error);
  const { code, statusCode, message } = error as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { slug: 'body-too-large', detail: 'The body is larger than 1,048,576 bytes.' };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { slug: 'unsupported-media-type', detail: howToSendJson(request) };
    case 'FST_ERR_BAD_URL':
      return {
        slug: 'invalid-request',
        detail: 'The path is not correctly percent-encoded.',
      };
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return { slug: 'invalid-request', detail: 'A part of the path is too long.' };
    default:
      return fromStatus(statusCode, message ?? '');
  }
}

/** Errors that Fastify and its plugins raise about a request have a 4xx status; all others are ours. */
function fromStatus(statusCode: number | undefined, message: string): Problem {
  if (statusCode === 404) return { slug: 'not-found', detail: message };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { slug: 'invalid-request', detail: message };
  }
  return {
    slug: 'internal-error',
    detail: 'Daymark could not answer. The log has the cause under the request id.',
  };
}

function howToSendJson(request: FastifyRequest): string {
  const given = request.headers['content-type'];
  const url = `${request.host}${request.url.split('?', 1)[0]}`;
  // Repeats only text that is safe to paste into a shell.
  const target = /^[A-Za-z0-9_.~:%/[\]-]+$/.test(url) ? url : 'localhost:3000/v1/runs';
  return [
    given === undefined ? 'The body has no content type.' : `The body is ${given}.`,
    `Send JSON: curl -X ${request.method} -H 'Content-Type: application/json' -d '{}' http://${target}`,
  ].join(' ');
}
