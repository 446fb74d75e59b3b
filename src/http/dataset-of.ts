/** Which dataset a request is about, and through which path. */
import type { FastifyRequest } from 'fastify';
import type { Survey } from '../core/survey.js';
import type { ServedDataset } from './app-options.js';
import type { LongPolls } from './long-poll.js';

/** A dataset with what is kept for it between requests. */
export interface RoutedDataset extends ServedDataset {
  readonly longPolls: LongPolls;
  readonly etagOf: (survey: Survey) => string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null outside the routes of a dataset. */
    dataset: RoutedDataset | null;
  }
}

export const datasetPrefix = '/v1/datasets/:dataset';

/** For handlers of a dataset's routes. */
export function datasetOf({ dataset }: FastifyRequest): RoutedDataset {
  if (dataset === null) throw new Error('the route belongs to no dataset');
  return dataset;
}

/** The prefix of the dataset's routes, in the form that the caller used. */
export function basePathOf({ dataset, routeOptions }: FastifyRequest): string {
  const isNamed = routeOptions.url?.startsWith(datasetPrefix) ?? false;
  return dataset !== null && isNamed ? `/v1/datasets/${dataset.name}` : '/v1';
}
