/** Turns a problem of the registry into the body of an answer. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type ProblemError,
  type ProblemExtras,
  type ProblemSlug,
  problems,
} from '../model/problems.js';
import type { ProblemBody } from './schemas/problem.js';
import type { RunAnswer } from './schemas/run.js';

export interface Problem {
  readonly slug: ProblemSlug;
  readonly detail: string;
  readonly extras?: ProblemExtras;
  /** Where it differs from the registry's. */
  readonly status?: number;
  readonly nextAction?: string;
  readonly run?: RunAnswer;
}

export const problemMediaType = 'application/problem+json';

export function problemOf(error: ProblemError): Problem {
  return { slug: error.slug, detail: error.message, extras: error.extras };
}

export function problemBody(
  problem: Problem,
  asked: { readonly requestId: string; readonly path: string | null },
): ProblemBody {
  const { slug, detail, extras, run } = problem;
  const kind = problems[slug];
  const runId = extras?.runId ?? run?.id;
  return {
    type: `/problems/${slug}`,
    title: kind.title,
    status: problem.status ?? kind.status,
    detail,
    ...(asked.path === null ? {} : { instance: asked.path }),
    retryable: kind.retryable,
    nextAction: problem.nextAction ?? kind.nextAction,
    requestId: asked.requestId,
    ...(runId === undefined ? {} : { runId }),
    ...(extras?.errors === undefined ? {} : { errors: extras.errors }),
    ...(run === undefined ? {} : { run }),
  };
}

const answered = new WeakMap<FastifyReply, ProblemSlug>();

/** The problem that a request was answered with, for who looks at answers afterwards. */
export function problemOn(reply: FastifyReply): ProblemSlug | null {
  return answered.get(reply) ?? null;
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem) {
  const body = problemBody(problem, { requestId: request.id, path: pathOf(request) });
  answered.set(reply, problem.slug);
  const retryAfterSeconds = problem.extras?.retryAfterSeconds;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (problem.slug === 'run-in-progress' && body.runId !== undefined) {
    reply.header('location', `/v1/runs/${body.runId}`);
  }
  return reply.code(body.status).type(problemMediaType).send(body);
}

/** Without the query: what stands there may be a secret that someone put there by mistake. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
