/** Checks requests with zod, and says in plain words what is wrong. */
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import type { ProblemDetail } from '../model/problem-extras.js';
import { ProblemError } from '../model/problems.js';

/** The most mistakes that one answer lists. */
const maxErrors = 20;

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const nothing = httpPart === 'querystring' ? schema.safeParse({}) : null;
  return (value) =>
    // Most requests have no query, so its result is computed once.
    nothing?.success && isEmpty(value)
      ? { value: nothing.data }
      : answerTo(value, schema, httpPart);
};

function answerTo(value: unknown, schema: z.ZodType, httpPart: string | undefined) {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  const errors = parsed.error.issues.flatMap((issue) => describeIssue(issue, schema, httpPart));
  return { error: invalidRequest(errors) };
}

function isEmpty(value: unknown): boolean {
  for (const _ in value as object) return false;
  return true;
}

export function invalidRequest(errors: readonly ProblemDetail[]): ProblemError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ProblemError(
    'invalid-request',
    first === undefined ? 'The request is not valid.' : `${first.at} ${first.message}${more}.`,
    { errors: errors.slice(0, maxErrors) },
  );
}

function describeIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  httpPart = 'request',
): ProblemDetail[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownFields(schema);
    return issue.keys.map((key) => ({ at: key, message: `is not known here; known: ${known}` }));
  }
  const at = issue.path.length === 0 ? httpPart : issue.path.join('.');
  return [{ at, message: messageOf(issue) }];
}

function knownFields(schema: z.ZodType): string {
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return names.length === 0 ? 'nothing' : names.join(', ');
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(issue.expected, issue.input);
    case 'invalid_value':
      return Array.isArray(issue.input) ? twice : `must be one of: ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'array'
        ? `must have at least ${issue.minimum} entry`
        : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'array'
        ? `must have at most ${issue.maximum} entries`
        : `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const twice = 'is given more than once';

function mustBe(expected: string, input: unknown): string {
  if (input === undefined) return 'is missing';
  if (expected === 'string' && Array.isArray(input)) return twice;
  return `must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`;
}
