/** /v1/output: the rows, as JSON in pages or as the CSV file itself. */
import type { FastifyReply } from 'fastify';
import type { ControlPlane, WantedRows, WantedSums } from '../../core/control-plane.js';
import { ProblemError } from '../../model/problems.js';
import { preferredType } from '../accept.js';
import type { DatasetRoutes } from '../app-options.js';
import { rowCursor } from '../cursor.js';
import { datasetOf } from '../dataset-of.js';
import { type Answered, empty, json, operation, reconcileProblems, text } from '../operation.js';
import { answerFile, answerRows } from '../output-file.js';
import { toCsvFilter, toRowFilter, toSumWish } from '../output-filter.js';
import {
  type OutputAnswer,
  outputQuery,
  outputSchema,
  sumsQuery,
  sumsSchema,
} from '../schemas/output.js';
import { viewRow, viewSums } from '../views/output-row.js';

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

const sumOutput = operation(
  {
    operationId: 'sumOutput',
    tag: 'Output',
    summary: 'Sum up the output by a key',
    description:
      'The largest sums of rows by the values of the key column `by`, and what all others come to: of the days from `from` to `to`, together or (`per=day`) each by itself. Any key column filters by its value, as with `GET /v1/output`. Values of measures that cannot be added up, such as an average, are left out. One request reads at most 16 MiB of the output and holds 50,000 sums: it takes the newest days that fit, and tells how many are left out.',
  },
  { querystring: sumsQuery },
  { answers: { 200: json('The sums.', sumsSchema) }, problems: reconcileProblems },
);

export const outputRoutes: DatasetRoutes = async (app) => {
  app.get('/output', { schema: getOutput }, async (request, reply) => {
    const { controlPlane, outputName } = datasetOf(request);
    reply.header('vary', 'accept');
    switch (preferredType(request.headers.accept, ['application/json', 'text/csv'])) {
      case 'application/json':
        return page(controlPlane, (shape) => toRowFilter(shape, request.query), untilGone(reply));
      case 'text/csv':
        if (Object.keys(request.query).length > 0) {
          const wanted: WantedRows = (shape) => toCsvFilter(shape, request.query);
          const rows = await controlPlane.csv(wanted, untilGone(reply));
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

  app.get('/output/totals', { schema: sumOutput }, async (request, reply) => {
    const { controlPlane } = datasetOf(request);
    const wanted: WantedSums = (shape) => toSumWish(shape, request.query);
    return viewSums(await controlPlane.sums(wanted, untilGone(reply)));
  });
};

async function page(
  controlPlane: ControlPlane,
  wanted: WantedRows,
  signal: AbortSignal,
): Promise<OutputAnswer> {
  const { shape, rows, next } = await controlPlane.rows(wanted, signal);
  return {
    rows: rows.map((row) => viewRow(shape, row)),
    nextCursor: next === null ? null : rowCursor(next),
  };
}

function untilGone({ raw }: FastifyReply): AbortSignal {
  if (raw.destroyed) return AbortSignal.abort();
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}
