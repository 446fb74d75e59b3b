/**
 * A span for each request under /v1. Where the caller sends a `traceparent` (W3C Trace Context, as Airflow
 * with traces does), the span belongs to the caller's trace, and is recorded if the caller's is.
 */
import {
  type Context,
  context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const propagator = new W3CTraceContextPropagator();

export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const contexts = new WeakMap<FastifyRequest, Context>();
  const within = (request: FastifyRequest, next: () => void) => {
    const known = contexts.get(request);
    return known === undefined ? next() : context.with(known, next);
  };

  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? '';
    if (!route.startsWith('/v1/')) return done();
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
    const span = startRequestSpan(tracer, request, route, parent);
    contexts.set(request, trace.setSpan(parent, span));
    // Runs however the request ends, even if its client disconnects.
    reply.raw.once('close', () => endRequestSpan(span, request, reply));
    within(request, done);
  });
  // The socket reads the body, and carries other requests too, so the context is set again from here on.
  app.addHook('preValidation', (request, _, done) => within(request, done));
}

/** The query is left out, and so is every header: no secret can reach a trace. */
function startRequestSpan(
  tracer: Tracer,
  request: FastifyRequest,
  route: string,
  parent: Context,
): Span {
  const { method, url, id } = request;
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.path': url.split('?', 1)[0] ?? url,
    'url.scheme': request.protocol,
    'daymark.request.id': id,
  };
  return tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
}

function endRequestSpan(
  span: Span,
  { dataset }: FastifyRequest,
  { raw, statusCode }: FastifyReply,
): void {
  if (dataset !== null) span.setAttribute('daymark.dataset', dataset.name);
  if (raw.headersSent) span.setAttribute('http.response.status_code', statusCode);
  if (!raw.writableFinished) span.setAttribute('error.type', 'client-gone');
  if (statusCode >= 500) {
    span.setAttribute('error.type', String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
