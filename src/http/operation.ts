/**
 * One operation: what it reads, what it answers with, and how it is documented. The same schemas check
 * requests, type handlers, and make the OpenAPI document.
 */
import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { type ProblemSlug, problems } from '../model/problems.js';
import { problemMediaType } from './problem.js';
import { problemSchema } from './schemas/problem.js';

export const tags = {
  Datasets: 'The datasets of the service, each with a summary of its state.',
  Runs: 'Start runs, follow them, cancel them.',
  Checkpoint: 'The highest processed day, and rewinding.',
  Days: 'Every day with its state, and receipts for committed days.',
  Output: 'The aggregated rows.',
  Service: 'Health, metrics, and explanations of problems.',
} as const;

interface RequestParts {
  readonly params?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly headers?: z.ZodType;
  readonly body?: z.ZodType;
}

interface Documentation {
  readonly operationId: string;
  readonly tag: keyof typeof tags;
  readonly summary: string;
  readonly description: string;
}

/** A header of an answer, as JSON Schema. */
type HeaderDoc = Readonly<Record<string, string | number>>;

/** The answers of one status. */
export interface Answered {
  readonly description: string;
  readonly headers?: Readonly<Record<string, HeaderDoc>>;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

/** A problem that this operation answers with a status different from the registry's. */
interface ProblemAt {
  readonly slug: ProblemSlug;
  readonly status: number;
}

interface Answers {
  readonly answers: Readonly<Record<number, Answered | z.ZodUndefined>>;
  readonly problems: readonly (ProblemSlug | ProblemAt)[];
}

/** Problems that any operation can answer with. */
const everywhere = [
  'invalid-request',
  'unauthorized',
  'cross-origin',
  'rate-limited',
  'internal-error',
  'overloaded',
  'shutting-down',
] as const;
/** Problems that any route of a dataset can answer with. */
const ofDatasets = ['dataset-not-found', 'dataset-unavailable'] as const;
/** For operations that belong to no dataset. */
const serviceTags: ReadonlySet<keyof typeof tags> = new Set(['Datasets', 'Service']);
/** Problems that a change with a body can lead to. */
export const changeProblems = [
  'forbidden',
  'invalid-json',
  'body-too-large',
  'unsupported-media-type',
] as const;
/** Problems that a reconcile can lead to. */
export const reconcileProblems = [
  'output-unreadable',
  'raw-unavailable',
  'output-unavailable',
] as const;

/** An operation whose path can be under a dataset's name. */
export interface NamedOperation {
  readonly operationId: string;
  readonly params?: z.ZodObject;
}

export function operation<const Parts extends RequestParts>(
  { tag, ...documentation }: Documentation,
  parts: Parts,
  answers: Answers,
): Parts & FastifySchema {
  const response = {
    ...answers.answers,
    ...problemAnswers([
      ...answers.problems,
      ...(serviceTags.has(tag) ? [] : ofDatasets),
      ...everywhere,
    ]),
  };
  return { ...documentation, tags: [tag], ...parts, response };
}

export function json(
  description: string,
  schema: z.ZodType,
  headers?: Answered['headers'],
): Answered {
  const content = { 'application/json': { schema } };
  return headers === undefined ? { description, content } : { description, headers, content };
}

export function text(
  description: string,
  mediaType: string,
  headers?: Answered['headers'],
): Answered {
  const content = { [mediaType]: { schema: z.string() } };
  return headers === undefined ? { description, content } : { description, headers, content };
}

/** An answer without a body. */
export function empty(description: string): z.ZodUndefined {
  return z.undefined().describe(description);
}

/** One answer for each status; its description lists the slugs. */
function problemAnswers(documented: Answers['problems']): Record<number, Answered> {
  const places = documented.map((each) =>
    typeof each === 'string' ? { slug: each, status: problems[each].status } : each,
  );
  const answers: Record<number, Answered> = {};
  for (const { status } of places) {
    const slugs = places.filter((place) => place.status === status).map(({ slug }) => slug);
    answers[status] = problemAnswer([...new Set(slugs)]);
  }
  return answers;
}

function problemAnswer(slugs: readonly ProblemSlug[]): Answered {
  return {
    description: slugs.map((slug) => `\`${slug}\`: ${problems[slug].when}`).join('\n\n'),
    content: { [problemMediaType]: { schema: problemSchema } },
  };
}
