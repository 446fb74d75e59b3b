/** A collector for traces: takes OTLP as JSON over HTTP on a loopback port, and keeps what it is sent. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  /** In nanoseconds. */
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly failed: boolean;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of the resource that sent it. */
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface TraceCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** The headers of each request that came. */
  readonly requests: readonly IncomingMessage[];
}

interface Attribute {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly spanId: string }[];
  readonly status: { readonly code?: number };
}

/** Closed when the test has finished. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: ReceivedSpan[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    if (request.method === 'POST' && request.url === '/v1/traces') {
      spans.push(...spansOf((await json(request)) as ExportRequest));
      response.setHeader('content-type', 'application/json').end('{}');
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, spans, requests };
}

function spansOf({ resourceSpans }: ExportRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => toReceived(span, valuesOf(resource.attributes))),
    ),
  );
}

function toReceived(span: WireSpan, resource: Record<string, unknown>): ReceivedSpan {
  const { traceId, spanId, parentSpanId = '', name, kind, links = [], status } = span;
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startedAt: BigInt(span.startTimeUnixNano),
    endedAt: BigInt(span.endTimeUnixNano),
    failed: status.code === 2,
    links: links.map((link) => link.spanId),
    attributes: valuesOf(span.attributes),
    resource,
  };
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
