/** /v1/output: the rows, as JSON in pages or as the CSV file itself. */
import type { FastifyReply } from 'fastify';
import type { ControlPlane, RowFilter } from '../../core/control-plane.js';
import { ProblemError } from '../../model/problems.js';
import { preferredType } from '../accept.js';
import type { DatasetRoutes } from '../app-options.js';
import { rowCursor } from '../cursor.js';
import { datasetOf } from '../dataset-of.js';
import { type Answered, empty, json, operation, reconcileProblems, text } from '../operation.js';
import { answerFile, answerRows } from '../output-file.js';
import { toCsvFilter, toRowFilter } from '../output-filter.js';
import { type OutputAnswer, outputQuery, outputSchema } from '../schemas/output.js';
import { viewRow } from '../views/output-row.js';

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
      'Rows in pages, for the days from `from` to `to`, or only for `day`; any key column of the output filters by its value, such as `category=bananas`. A page reads at most 4 MiB of the output, so it can have fewer rows than `limit`, or no rows, although more follow: continue with `nextCursor` until that is null. With `Accept: text/csv`, the answer is the file itself, as it was when the answer began, or with filters only the rows that pass them; `limit` and `cursor` cannot be combined with it.',
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

export const outputRoutes: DatasetRoutes = async (app) => {
  app.get('/output', { schema: getOutput }, async (request, reply) => {
    const { controlPlane, outputName } = datasetOf(request);
    reply.header('vary', 'accept');
    switch (preferredType(request.headers.accept, ['application/json', 'text/csv'])) {
      case 'application/json':
        return page(controlPlane, toRowFilter(controlPlane.shape, request.query), untilGone(reply));
      case 'text/csv':
        if (Object.keys(request.query).length > 0) {
          const filter = toCsvFilter(controlPlane.shape, request.query);
          const rows = await controlPlane.csv(filter, untilGone(reply));
          return answerRows(request, reply, rows, outputName);
        }
        return answerFile(request, reply, await controlPlane.outputFile(), outputName);
      default:
        throw new ProblemError(
          'not-acceptable',
          `The output comes as application/json or text/csv, not as ${request.headers.accept}.`,
        );
    }
  });
};

async function page(
  controlPlane: ControlPlane,
  filter: RowFilter,
  signal: AbortSignal,
): Promise<OutputAnswer> {
  const { rows, next } = await controlPlane.rows(filter, signal);
  return {
    rows: rows.map((row) => viewRow(controlPlane.shape, row)),
    nextCursor: next === null ? null : rowCursor(next),
  };
}

function untilGone({ raw }: FastifyReply): AbortSignal {
  if (raw.destroyed) return AbortSignal.abort();
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}
