/**
 * Sets OpenTelemetry up by hand: a few spans of our own, no instrumentation of other packages. The SDK reads
 * `OTEL_*` (endpoint, headers, sampler, batches, resource) from the environment of the process itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { context, DiagLogLevel, diag, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { version } from '../../process/version.js';
import type { Logger } from '../observer.js';
import { createFrugalExporter } from './frugal-exporter.js';
import { traceRequests } from './request-spans.js';
import { createRunSpans } from './run-spans.js';
import { createSpans } from './spans.js';
import type { Tracing } from './tracing.js';

/** The most that a collector which does not answer may hold up an orderly stop. */
const flushTimeoutMs = 2_000;

export function startTracing(logger: Logger): Tracing {
  const endSetup = tellOfSetup(logger);
  const exporter = createFrugalExporter(new OTLPTraceExporter(), logger);
  const provider = new BasicTracerProvider({
    resource: resourceOfEnvironment(),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  endSetup();

  const tracer = provider.getTracer('daymark', version);
  return {
    of: (dataset) => {
      const labelled = withDataset(tracer, dataset);
      return { ...createRunSpans(labelled), ...createSpans(labelled) };
    },
    requests: (app) => traceRequests(app, tracer),
    close: async () => {
      const flushed = provider.shutdown().catch(() => {});
      await Promise.race([flushed, sleep(flushTimeoutMs, undefined, { ref: false })]);
      context.disable();
    },
  };
}

/** Every span that it starts carries the name. */
function withDataset(tracer: Tracer, dataset: string): Pick<Tracer, 'startSpan'> {
  return {
    startSpan: (name, options = {}, parent) => {
      const attributes = { 'daymark.dataset': dataset, ...options.attributes };
      return tracer.startSpan(name, { ...options, attributes }, parent);
    },
  };
}

/** Reports what the SDK finds wrong with `OTEL_*`; later the exporter reports problems better. */
function tellOfSetup(logger: Logger): () => void {
  const warn = (message: string) => logger.warn(`OpenTelemetry: ${message}`);
  const silent = () => {};
  const told = { error: warn, warn, info: silent, debug: silent, verbose: silent };
  diag.setLogger(told, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return () => {
    diag.disable();
    setGlobalErrorHandler(silent);
  };
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over what is said here. */
function resourceOfEnvironment(): Resource {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'daymark', 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }));
}
