/**
 * Traces: where a request's time went, from the caller's own trace through reconcile, run and each day to
 * the commit. This is the seam: the parts of the service are passed through it, and come back wrapped.
 *
 * OpenTelemetry stands behind `start.ts` alone, which is imported only where `OTEL_*` asks for traces.
 */
import type { FastifyInstance } from 'fastify';
import type { ControlPlane } from '../../core/control-plane.js';
import type { Observer, RunScope } from '../../core/observer.js';
import type { CheckpointStore } from '../../core/ports/checkpoint.js';
import type { Engine } from '../../core/ports/engine.js';
import type { OutputStore } from '../../core/ports/output.js';

export interface Tracing {
  /** A span for each request under /v1, which continues the trace of a caller that names one. */
  requests(app: FastifyInstance): void;
  /** For one dataset, whose name all its spans carry. */
  of(dataset: string): DatasetTracing;
  /** Sends what waits, within a bounded time; never throws. */
  close(): Promise<void>;
}

export interface DatasetTracing {
  /** Remembers the request for a run that must wait for its turn. */
  controlPlane<T extends ControlPlane>(controlPlane: T): T;
  observer(observer: Observer): Observer;
  engine(engine: Engine): Engine;
  output(output: OutputStore): OutputStore;
  checkpoint(checkpoint: CheckpointStore): CheckpointStore;
  /** Everything that a run does belongs to its span. */
  readonly runScope: RunScope;
}

/** Returns everything unchanged. */
const unseen: DatasetTracing = {
  controlPlane: (controlPlane) => controlPlane,
  observer: (observer) => observer,
  engine: (engine) => engine,
  output: (output) => output,
  checkpoint: (checkpoint) => checkpoint,
  runScope: (_, work) => work(),
};

export const noTracing: Tracing = {
  requests: () => {},
  of: () => unseen,
  close: async () => {},
};
