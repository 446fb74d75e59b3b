/** Turns a problem of the registry into the body of an answer. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemExtras } from '../model/problem-extras.js';
import { type ProblemError, type ProblemSlug, problems } from '../model/problems.js';
import { basePathOf } from './dataset-of.js';
import type { ProblemBody } from './schemas/problem.js';
import type { RunAnswer } from './schemas/run.js';

export interface Problem {
  readonly slug: ProblemSlug;
  readonly detail: string;
  readonly extras?: ProblemExtras;
  /** If it differs from the registry's. */
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

/** The problem that a request was answered with, for hooks that run after the answer. */
export function problemOn(reply: FastifyReply): ProblemSlug | null {
  return answered.get(reply) ?? null;
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem) {
  const named = underPath(problem, basePathOf(request));
  const body = problemBody(named, { requestId: request.id, path: pathOf(request) });
  answered.set(reply, problem.slug);
  const retryAfterSeconds = problem.extras?.retryAfterSeconds;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (problem.slug === 'run-in-progress' && body.runId !== undefined) {
    reply.header('location', `${basePathOf(request)}/runs/${body.runId}`);
  }
  return reply.code(body.status).type(problemMediaType).send(body);
}

/** Rewrites the routes that it names into the form that the caller used. */
function underPath(problem: Problem, basePath: string): Problem {
  if (basePath === '/v1') return problem;
  const named = (text: string) => text.replace(datasetPaths, `${basePath}/`);
  const nextAction = named(problem.nextAction ?? problems[problem.slug].nextAction);
  return { ...problem, detail: named(problem.detail), nextAction };
}

/** Everything directly under `/v1`, except the list of datasets. */
const datasetPaths = /\/v1\/(?!datasets\b)/g;

/** Without the query, which may hold a secret by mistake. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
