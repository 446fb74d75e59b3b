/** /v1/datasets: all datasets, each with a summary. */

import type { Survey } from '../../core/survey.js';
import { ProblemError } from '../../model/problems.js';
import type { Run } from '../../model/run.js';
import { inTime } from '../../process/time-limit.js';
import type { Routes, ServedDataset } from '../app-options.js';
import { findDataset } from '../datasets.js';
import { json, operation } from '../operation.js';
import {
  type DatasetAnswer,
  datasetParams,
  datasetSchema,
  datasetsSchema,
} from '../schemas/datasets.js';
import { noQuery } from '../schemas/query.js';
import { viewDataset } from '../views/dataset.js';

const listDatasets = operation(
  {
    operationId: 'listDatasets',
    tag: 'Datasets',
    summary: 'List datasets',
    description:
      'All datasets, each with a summary of its state. One that cannot be checked within two seconds has a `problem`, and does not hold up the others.',
  },
  { querystring: noQuery },
  { answers: { 200: json('All datasets.', datasetsSchema) }, problems: [] },
);

const getDataset = operation(
  {
    operationId: 'getDataset',
    tag: 'Datasets',
    summary: 'Read a dataset',
    description: 'Its location and a summary of its state. All its routes are under this path.',
  },
  { params: datasetParams, querystring: noQuery },
  { answers: { 200: json('The dataset.', datasetSchema) }, problems: ['dataset-not-found'] },
);

export const datasetsRoutes: Routes = async (app, { datasets }) => {
  app.get('/datasets', { schema: listDatasets }, async () => ({
    datasets: await Promise.all(datasets.map(atAGlance)),
  }));

  app.get('/datasets/:dataset', { schema: getDataset }, async ({ params }) =>
    atAGlance(findDataset(datasets, params.dataset)),
  );
};

const lookTimeoutMs = 2_000;

/** Bounded in time, even if a mount hangs. */
async function atAGlance(dataset: ServedDataset): Promise<DatasetAnswer> {
  try {
    return viewDataset(dataset, await lookAt(dataset));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return viewDataset(dataset, error);
  }
}

async function lookAt(dataset: ServedDataset): Promise<[Survey, Run | null]> {
  const { name, controlPlane } = dataset;
  const why = dataset.refusal();
  if (why !== null) throw new ProblemError('dataset-unavailable', why);
  const newest = { statuses: null, limit: 1, after: null };
  const looking = controlPlane.survey().then(async (survey) => {
    const { runs } = await controlPlane.runs(newest);
    return [survey, runs[0] ?? null] as [Survey, Run | null];
  });
  const found = await inTime(looking, lookTimeoutMs);
  if (found !== null) return found;
  const detail = `A look at the dataset ${name} takes longer than ${lookTimeoutMs} ms.`;
  throw new ProblemError('dataset-unavailable', detail);
}
