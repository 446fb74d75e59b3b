import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadTracing, tracingWish } from '../../src/telemetry/tracing/load.js';
import { noTracing } from '../../src/telemetry/tracing/tracing.js';

const endpoint = 'http://localhost:4318';

describe('traces are wanted', () => {
  it.each([
    ['an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }],
    ['an endpoint for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces` }],
    ['the exporter otlp, at its default endpoint', { OTEL_TRACES_EXPORTER: 'otlp' }],
    ['the exporter otlp among others', { OTEL_TRACES_EXPORTER: 'console, otlp' }],
    [
      'a protocol over HTTP',
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
    ],
  ])('by %s', (_, env) => {
    expect(tracingWish(env)).toEqual({ on: true });
  });

  it.each([
    ['nothing is set', {}],
    ['the endpoint is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['the SDK is disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'TRUE' }],
    [
      'there is no exporter',
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'none' },
    ],
    ['only other signals are', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint }],
  ])('not where %s', (_, env) => {
    expect(tracingWish(env)).toEqual({ on: false, problem: null });
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /zipkin; Daymark speaks otlp/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /grpc; Daymark speaks http\/json/,
    ],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
      },
      /grpc/,
    ],
  ])('in a way that is not offered: %j', (env, problem) => {
    expect(tracingWish(env)).toEqual({ on: false, problem: expect.stringMatching(problem) });
  });
});

describe('where no traces are wanted', () => {
  const lines: unknown[] = [];
  const log = (...line: unknown[]) => lines.push(line);
  const logger = { debug: log, info: log, warn: log, error: log };

  it('every part stays as it is, and nothing is told', async () => {
    const engine = { name: 'csv' as const, aggregate: async () => never(), close: async () => {} };
    const tracing = await loadTracing({}, logger);
    expect(tracing).toBe(noTracing);
    expect(tracing.of('orders').engine(engine)).toBe(engine);
    expect(lines).toEqual([]);
  });

  it('a wish that cannot be met is told, and costs nothing else', async () => {
    expect(await loadTracing({ OTEL_TRACES_EXPORTER: 'console' }, logger)).toBe(noTracing);
    expect(lines).toEqual([[expect.stringContaining('there will be no traces')]]);
  });

  it('no static import leads from the process to OpenTelemetry', async () => {
    const reached = await modulesFrom(new URL('../../src/main.ts', import.meta.url));
    expect(reached.size).toBeGreaterThan(100);
    expect([...reached].filter((name) => name.startsWith('@opentelemetry'))).toEqual([]);
    expect([...reached].filter((name) => name.endsWith('/tracing/load.ts'))).toHaveLength(1);
  });
});

function never(): never {
  throw new Error('not to be called');
}

/** What is loaded with a module: its own files, and the packages that they import. */
async function modulesFrom(first: URL): Promise<Set<string>> {
  const seen = new Set<string>();
  const visit = async (file: URL): Promise<void> => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    const source = await readFile(file, 'utf8');
    const statements = source.matchAll(
      /^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)';$/gms,
    );
    for (const [, name = ''] of statements) {
      if (name.startsWith('.')) await visit(new URL(name.replace(/\.js$/, '.ts'), file));
      else seen.add(name);
    }
  };
  await visit(first);
  return seen;
}
