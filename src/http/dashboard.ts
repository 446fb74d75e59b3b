/**
 * The dashboard at `/`: one page and its assets, as `npm run build:dashboard` leaves them. They hold no data,
 * and are open to everyone; what the page shows it asks from the API, with the reader's token.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';

/** Also where this module is run from its source: what is served is always what was built. */
const built = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));

const hidden = { schema: { hide: true } } as const;

interface DashboardOptions {
  /** Where the built page lies; a test gives another. */
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
    // Each file is a route of its own: no path is made from what a client sends.
    wildcard: false,
    // Names of assets hold a hash of what is in them: what was fetched once need not be asked for again.
    maxAge: '365d',
    immutable: true,
  });
  app.get('/', hidden, async (_, reply) =>
    // Whoever has the page asks each time whether it is still the one that belongs to this service.
    reply
      .header('cache-control', 'no-cache')
      .sendFile('index.html', folder, { cacheControl: false }),
  );
};

const howToBuild = `The dashboard is not built: run npm run build:dashboard, then start the service again.
The API is described at /docs; /v1/days, /v1/runs and /v1/checkpoint tell what the dashboard would show.
`;
