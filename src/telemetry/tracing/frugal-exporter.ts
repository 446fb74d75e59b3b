/** Logs once when traces cannot be sent, and once when they can again, not for each batch. */
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../observer.js';

export function createFrugalExporter(exporter: SpanExporter, logger: Logger): SpanExporter {
  let failing = false;

  const tell = ({ code, error }: ExportResult) => {
    const failed = code === ExportResultCode.FAILED;
    if (failed && !failing) {
      logger.warn({ reason: error?.message }, 'traces cannot be sent, and are dropped');
    }
    if (!failed && failing) logger.info('traces can be sent again');
    failing = failed;
  };

  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        tell(result);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
