/** /problems: the pages that the `type` of every error leads to, made from the registry. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ProblemError, type ProblemSlug, problemSlugs, problems } from '../../model/problems.js';
import { preferredType } from '../accept.js';
import type { Routes } from '../app-options.js';
import { type Answered, json, operation, text } from '../operation.js';
import { problemKindSchema, problemKindsSchema } from '../schemas/problem-kind.js';
import { noQuery } from '../schemas/query.js';
import { problemPage, problemsPage } from '../views/problem-page.js';

const openToAll = 'As JSON, or with `Accept: text/html` as a page for people. It needs no token.';

const getProblems = operation(
  {
    operationId: 'getProblemKinds',
    tag: 'Service',
    summary: 'List every type of problem',
    description: openToAll,
  },
  { querystring: noQuery },
  { answers: { 200: both('All of them.', problemKindsSchema) }, problems: [] },
);

const getProblem = operation(
  {
    operationId: 'getProblemKind',
    tag: 'Service',
    summary: 'Read what a type of problem means',
    description: `The \`type\` of every error is this address. ${openToAll}`,
  },
  {
    params: z.strictObject({ slug: z.string().meta({ examples: ['run-failed'] }) }),
    querystring: noQuery,
  },
  { answers: { 200: both('What it means.', problemKindSchema) }, problems: ['not-found'] },
);

export const problemsRoutes: Routes = async (app) => {
  app.get('/problems', { schema: getProblems }, async (request, reply) =>
    answer(request, reply, { problems: problemSlugs.map(kindOf) }, problemsPage),
  );

  app.get('/problems/:slug', { schema: getProblem }, async (request, reply) => {
    const slug = problemSlugs.find((each) => each === request.params.slug);
    if (slug === undefined) {
      throw new ProblemError('not-found', 'There is no such type of problem; see /problems.');
    }
    return answer(request, reply, kindOf(slug), () => problemPage(slug));
  });
};

function both(description: string, schema: z.ZodType): Answered {
  const content = { ...json('', schema).content, ...text('', 'text/html').content };
  return { description, content };
}

function kindOf(slug: ProblemSlug) {
  return { type: `/problems/${slug}`, ...problems[slug] };
}

function answer(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  body: object,
  toPage: () => string,
) {
  reply.header('vary', 'accept');
  const wanted = preferredType(headers.accept, ['application/json', 'text/html']);
  return wanted === 'text/html' ? reply.type('text/html; charset=utf-8').send(toPage()) : body;
}
