/**
 * The security headers of every answer. Helmet provides them; it runs once, because running it for each request would
 * cost a quarter of the throughput.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import helmet from 'helmet';

type Headers = Readonly<Record<string, string>>;

const directives = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

/** Swagger UI styles its elements as it draws them; its scripts are files like any other. */
export const documentationPolicy = Object.entries({
  ...directives,
  'style-src': ["'self'", "'unsafe-inline'"],
})
  .map(([directive, allowed]) => `${directive} ${allowed.join(' ')}`)
  .join('; ');

const yearSeconds = 365 * 24 * 3600;

const policies = {
  contentSecurityPolicy: { useDefaults: false, directives },
  xFrameOptions: { action: 'deny' },
  // For obsolete plug-ins and browsers, or without effect next to the policy.
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const;

const plain = headersOf({ ...policies, strictTransportSecurity: false });

/** Browsers that have used TLS once must keep using it. */
const encrypted = headersOf({
  ...policies,
  strictTransportSecurity: { maxAge: yearSeconds, includeSubDomains: false },
});

export function hardenAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(request.raw.socket instanceof TLSSocket ? encrypted : plain);
}

function headersOf(options: Parameters<typeof helmet>[0]): Headers {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(options)(request, response, (error?: unknown) => {
    if (error !== undefined) throw error;
  });
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}
