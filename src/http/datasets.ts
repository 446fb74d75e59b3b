/**
 * The routes of a dataset, registered twice: under its name, `/v1/datasets/{dataset}/…`, and, for the first one, in
 * the short form `/v1/…`. The handlers are the same and ask the request which dataset it is about.
 */
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProblemError } from '../model/problems.js';
import type { DatasetRoutes, ServedDataset } from './app-options.js';
import { datasetPrefix, type RoutedDataset } from './dataset-of.js';
import { createDaysEtag } from './days-etag.js';
import type { EventStreams } from './event-streams.js';
import { createLongPolls } from './long-poll.js';
import type { NamedOperation } from './operation.js';
import { reconcileFirst } from './reconcile-first.js';
import { datasetParameter } from './schemas/datasets.js';

type RoutedDatasets = readonly [RoutedDataset, ...RoutedDataset[]];

export function withLongPolls([first, ...others]: readonly [
  ServedDataset,
  ...ServedDataset[],
]): RoutedDatasets {
  return [withPolls(first), ...others.map(withPolls)];
}

function withPolls(dataset: ServedDataset): RoutedDataset {
  const { controlPlane } = dataset;
  return {
    ...dataset,
    longPolls: createLongPolls(controlPlane),
    etagOf: createDaysEtag(controlPlane.lastRunOf.bind(controlPlane)),
  };
}

export function endLongPolls(datasets: readonly RoutedDataset[]): void {
  for (const { longPolls } of datasets) longPolls.close();
}

export function routeByDataset(
  app: FastifyInstance,
  datasets: RoutedDatasets,
  routes: readonly DatasetRoutes[],
  options: { readonly streams: EventStreams },
): void {
  app.decorateRequest('dataset', null);
  const register = (
    scope: FastifyInstance,
    choose: (name: string | undefined) => RoutedDataset,
  ) => {
    scope.addHook('onRequest', (request, _, done) => {
      const dataset = choose((request.params as { dataset?: string }).dataset);
      request.dataset = dataset;
      const why = dataset.refusal();
      done(why === null ? undefined : new ProblemError('dataset-unavailable', why));
    });
    reconcileFirst(scope);
    for (const each of routes) scope.withTypeProvider<ZodTypeProvider>().register(each, options);
  };

  app.register(async (short) => register(short, () => datasets[0]), { prefix: '/v1' });
  app.register(
    async (named) => {
      named.addHook('onRoute', nameDataset);
      register(named, (name) => findDataset(datasets, name));
    },
    { prefix: datasetPrefix },
  );
}

/** Throws `dataset-not-found`. */
export function findDataset<T extends ServedDataset>(
  datasets: readonly T[],
  name: string | undefined,
): T {
  const found = datasets.find((dataset) => dataset.name === name);
  if (found !== undefined) return found;
  const names = datasets.map((dataset) => dataset.name).join(', ');
  throw new ProblemError(
    'dataset-not-found',
    `There is no dataset ${JSON.stringify(name)}. There are: ${names}.`,
  );
}

const noParams = z.strictObject({});

/** The path has one more parameter, and the operation another name. */
function nameDataset(route: RouteOptions): void {
  const schema = route.schema as NamedOperation | undefined;
  if (schema === undefined || 'dataset' in (schema.params?.shape ?? {})) return;
  const params = (schema.params ?? noParams).extend({ dataset: datasetParameter });
  const path = route.url.slice(datasetPrefix.length).replace(/:(\w+)/g, '{$1}');
  route.schema = {
    ...schema,
    params,
    operationId: `${schema.operationId}OfDataset`,
    description: `As \`${route.method} /v1${path}\`, of the dataset that the path names.`,
  } as object;
}
