/** Spans around single calls: the commit, and moves of the checkpoint. */
import {
  type Attributes,
  context,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { CommitResult } from '../../core/ports/output.js';
import type { DatasetTracing } from './tracing.js';

/** All that is needed of a tracer. */
type Spanner = Pick<Tracer, 'startSpan'>;

export function createSpans(tracer: Spanner): Pick<DatasetTracing, 'output' | 'checkpoint'> {
  return {
    output: (output) => ({
      ...output,
      commit: (base, change, gate) => {
        const attributes = {
          'daymark.run.id': change.runId,
          'daymark.commit.days_replaced': change.replace.size,
          'daymark.commit.days_marked': change.mark.size,
        };
        const commit = () => output.commit(base, change, gate);
        return inSpan(tracer, 'commit', attributes, commit, commitAttributes);
      },
    }),
    checkpoint: (checkpoint) => ({
      ...checkpoint,
      compareAndSet: (expected, next, deadline) => {
        const move = () => checkpoint.compareAndSet(expected, next, deadline);
        // Background work, such as a repair, does not create a trace.
        if (trace.getActiveSpan() === undefined) return move();
        const attributes = { 'daymark.checkpoint.kind': checkpoint.kind };
        return inSpan(tracer, 'move checkpoint', attributes, move, ({ status }) => ({
          'daymark.checkpoint.result': status,
        }));
      },
    }),
  };
}

function commitAttributes(result: CommitResult): Attributes {
  const attributes: Attributes = { 'daymark.commit.result': result.kind };
  if (result.kind === 'committed') attributes['daymark.commit.version'] = result.version;
  return attributes;
}

async function inSpan<T>(
  tracer: Spanner,
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  describe: (result: T) => Attributes,
): Promise<T> {
  const span = tracer.startSpan(name, { attributes }, context.active());
  try {
    const result = await context.with(trace.setSpan(context.active(), span), work);
    span.setAttributes(describe(result));
    return result;
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

export function failSpan(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
