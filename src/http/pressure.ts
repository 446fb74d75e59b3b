/** Turns requests away while the process has more to do than it can, so that those under way are finished. */
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../model/problems.js';

/** 0 for no bound. */
export interface PressureBounds {
  readonly maxLoopDelayMs: number;
  readonly maxHeapBytes: number;
  readonly maxRssBytes: number;
}

/**
 * How often the process is measured. In a stall as long as that nothing is measured, which counts as endless: so it is
 * no shorter than a stall that is within the bound. And no longer than memory can wait.
 */
function measuredEveryMs({ maxLoopDelayMs }: PressureBounds): number {
  return Math.min(Math.max(1_000, maxLoopDelayMs), 10_000);
}

/** A busy process is alive, and its metrics are asked for to see how busy it is. */
const alwaysAnswered = new Set(['/health/live', '/metrics']);

const measured: Readonly<Record<string, string>> = {
  [underPressure.TYPE_EVENT_LOOP_DELAY]: 'Its event loop is late',
  [underPressure.TYPE_HEAP_USED_BYTES]: 'Its heap is full',
  [underPressure.TYPE_RSS_BYTES]: 'It takes more memory than it may',
};

export function shedLoad(app: FastifyInstance, bounds: PressureBounds): void {
  const sampleInterval = measuredEveryMs(bounds);
  // When the process has been measured again.
  const retryAfterSeconds = Math.ceil(sampleInterval / 1_000) + 1;
  app.register(underPressure, {
    sampleInterval,
    maxEventLoopDelay: bounds.maxLoopDelayMs,
    maxHeapUsedBytes: bounds.maxHeapBytes,
    maxRssBytes: bounds.maxRssBytes,
    pressureHandler: ({ routeOptions }, _, type) => {
      if (alwaysAnswered.has(routeOptions.url ?? '')) return;
      throw new ProblemError(
        'overloaded',
        `The service has more to do than it can. ${measured[type] ?? 'It is under pressure'}.`,
        { retryAfterSeconds },
      );
    },
  });
}
