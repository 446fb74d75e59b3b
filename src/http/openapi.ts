/** The OpenAPI document, made from the routes' own schemas, and Swagger UI to try them. */
import swagger, { type SwaggerTransform } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { tidyDocument } from './openapi-document.js';
import { type Answered, tags } from './operation.js';
import { documentationPolicy } from './security-headers.js';

export function serveDocumentation(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Daymark',
        version,
        summary: 'Keeps one aggregated CSV exactly equal to what its raw day folders say.',
        description:
          'Every route under /v1 compares raw days, output, ledger and checkpoint before it answers, and repairs what it can. Paths under /v1/datasets/{dataset} are about one dataset; the short form, without that part, is about the first (or only) dataset. A client for several datasets needs only the long form. Every error is answered with problem details (RFC 9457). Unknown fields and parameters are refused, never silently ignored.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This service.' }],
      components: { securitySchemes },
      // The empty one stands for a service without tokens.
      security: [{}, { bearer: [] }, { basic: [] }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    },
    convertConstToEnum: false,
    transform: withAnswerHeaders,
    transformObject: (document) => tidyDocument(jsonSchemaTransformObject(document)),
  });
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: documentationPolicy,
    uiConfig: { displayRequestDuration: true, tryItOutEnabled: true, validatorUrl: null },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A read or an operate token.' },
  basic: { type: 'http', scheme: 'basic', description: 'Any user name; the token as password.' },
} as const;

/** The type provider's transform leaves out the headers of answers. */
const withAnswerHeaders: SwaggerTransform = (route) => {
  const transformed = jsonSchemaTransform(route as Parameters<typeof jsonSchemaTransform>[0]);
  const documented = (route.schema as FastifySchema | undefined)?.response;
  const answers = (transformed.schema as { response?: Record<string, Answered> }).response;
  for (const [status, answer] of Object.entries((documented ?? {}) as Record<string, Answered>)) {
    if (answer.headers !== undefined && answers?.[status] !== undefined) {
      answers[status] = { ...answers[status], headers: answer.headers };
    }
  }
  return transformed;
};
