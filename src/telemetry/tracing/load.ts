/**
 * Whether traces are wanted, by the standard variables of OpenTelemetry. Platforms often set them for everything that
 * runs there, so an unsupported value is a warning, not an error.
 */
import type { Logger } from '../observer.js';
import { noTracing, type Tracing } from './tracing.js';

type Environment = Readonly<Record<string, string | undefined>>;

export type TracingWish =
  | { readonly on: true }
  /** `problem` if traces were requested in an unsupported way. */
  | { readonly on: false; readonly problem: string | null };

const off: TracingWish = { on: false, problem: null };

export async function loadTracing(env: Environment, logger: Logger): Promise<Tracing> {
  const wish = tracingWish(env);
  if (!wish.on) {
    if (wish.problem !== null) logger.warn(`there will be no traces: ${wish.problem}`);
    return noTracing;
  }
  const { startTracing } = await import('./start.js');
  return startTracing(logger);
}

export function tracingWish(env: Environment): TracingWish {
  const read = (name: string) => env[name]?.trim() ?? '';
  if (read('OTEL_SDK_DISABLED').toLowerCase() === 'true') return off;
  const exporters = listOf(read('OTEL_TRACES_EXPORTER'));
  const endpoint =
    read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || read('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (exporters.length === 0 && endpoint === '') return off;
  if (exporters.includes('none')) return off;
  if (exporters.length > 0 && !exporters.includes('otlp')) {
    return refused(`OTEL_TRACES_EXPORTER is ${exporters.join()}; Daymark speaks otlp only.`);
  }
  const protocol =
    read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || read('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol === '' || protocol.startsWith('http/')) return { on: true };
  return refused(
    `the OTLP protocol is ${protocol}; Daymark speaks http/json, which collectors take on port 4318.`,
  );
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function refused(problem: string): TracingWish {
  return { on: false, problem };
}
