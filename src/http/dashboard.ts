/**
 * The dashboard at `/`: one page and its assets, as `npm run build:dashboard` leaves them. They hold no data, and are
 * open to everyone; the page gets its data from the API, with the reader's token.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';

/** Even when this module runs from source, the built page is served. */
const built = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));

const hidden = { schema: { hide: true } } as const;

interface DashboardOptions {
  /** Where the built page is; tests override it. */
  readonly folder?: string;
}

export const dashboard: FastifyPluginAsync<DashboardOptions> = async (app, { folder = built }) => {
  if (!existsSync(`${folder}index.html`)) {
    app.get('/', hidden, async (_, reply) => reply.code(404).type('text/plain').send(howToBuild));
    return;
  }
  await app.register(fastifyStatic, {
    root: `${folder}assets`,
    prefix: '/assets/',
    schemaHide: true,
    index: false,
    // Each file is its own route: no path is built from client input.
    wildcard: false,
    // Asset names contain a hash of their content, so an asset is never fetched twice.
    maxAge: '365d',
    immutable: true,
  });
  app.get('/', hidden, async (_, reply) =>
    // Browsers check each time whether the page still belongs to this service.
    reply
      .header('cache-control', 'no-cache')
      .sendFile('index.html', folder, { cacheControl: false }),
  );
};

const howToBuild = `The dashboard is not built: run npm run build:dashboard, then start the service again.
The API is described at /docs; /v1/days, /v1/runs and /v1/checkpoint have what the dashboard would show.
`;
