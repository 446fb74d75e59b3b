/** /v1/output: the rows, as JSON in pages or as the CSV file itself. */
import type { FastifyReply } from 'fastify';
import type { RowFilter } from '../../core/control-plane.js';
import type { Cell, OutputShape } from '../../model/column.js';
import { layoutOf } from '../../model/day.js';
import { ProblemError } from '../../model/problems.js';
import { preferredType } from '../accept.js';
import type { Routes } from '../app-options.js';
import { rowCursor, rowCursorOf } from '../cursor.js';
import { parseDay } from '../day-input.js';
import { type Answered, empty, json, operation, reconcileProblems, text } from '../operation.js';
import { answerFile } from '../output-file.js';
import {
  type OutputAnswer,
  type OutputQuery,
  outputQuery,
  outputSchema,
} from '../schemas/output.js';
import { invalidRequest } from '../validation.js';

const defaultLimit = 1000;

const representations: Answered = {
  description: 'Rows of the output, or the whole file.',
  headers: {
    ETag: { type: 'string', description: 'A strong validator of the file, with text/csv.' },
    'Content-Disposition': { type: 'string', description: 'A file name, with text/csv.' },
  },
  content: {
    ...json('', outputSchema).content,
    ...text('', 'text/csv').content,
  },
};

const getOutput = operation(
  {
    operationId: 'getOutput',
    tag: 'Output',
    summary: 'Read the output',
    description:
      'Rows in pages, filtered by day, hour and category. A page reads at most 4 MiB of the output, so that it can have fewer rows than `limit`, or none, though more follow: go on with `nextCursor` until that is null. With `Accept: text/csv` the file itself, whole, as it was when the answer began; filters do not go with it.',
  },
  { querystring: outputQuery },
  {
    answers: {
      200: representations,
      304: empty('The file is still the one that `If-None-Match` names.'),
    },
    problems: [...reconcileProblems, 'output-absent', 'not-acceptable'],
  },
);

export const outputRoutes: Routes = async (app, { controlPlane, outputName }) => {
  app.get('/output', { schema: getOutput }, async (request, reply) => {
    reply.header('vary', 'accept');
    switch (preferredType(request.headers.accept, ['application/json', 'text/csv'])) {
      case 'application/json':
        return page(toRowFilter(controlPlane.shape, request.query), untilGone(reply));
      case 'text/csv':
        refuseFilters(request.query);
        return answerFile(request, reply, await controlPlane.outputFile(), outputName);
      default:
        throw new ProblemError(
          'not-acceptable',
          `The output comes as application/json or text/csv, not as ${request.headers.accept}.`,
        );
    }
  });

  const page = async (filter: RowFilter, signal: AbortSignal): Promise<OutputAnswer> => {
    const { rows, next } = await controlPlane.rows(filter, signal);
    const named = rows.map(({ day, key, values }) => ({
      day,
      hour: Number(key[0]),
      category: key[1] ?? '',
      items: Number(values[0]),
    }));
    return { rows: named, nextCursor: next === null ? null : rowCursor(next) };
  };
};

function untilGone({ raw }: FastifyReply): AbortSignal {
  if (raw.destroyed) return AbortSignal.abort();
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}

function toRowFilter(shape: OutputShape, query: OutputQuery): RowFilter {
  const { day, hour, category, limit = defaultLimit, cursor } = query;
  const keys = new Map<number, Cell>();
  if (hour !== undefined) keys.set(0, String(hour));
  if (category !== undefined) keys.set(1, category);
  return {
    day: day === undefined ? null : parseDay(layoutOf(shape.dayKind), day, 'day'),
    from: null,
    to: null,
    keys,
    limit,
    behind: rowCursorOf(shape, cursor),
  };
}

function refuseFilters(query: OutputQuery): void {
  const given = Object.keys(query);
  if (given.length === 0) return;
  throw invalidRequest(
    given.map((at) => ({ at, message: 'does not go with text/csv, which is the whole file' })),
  );
}
