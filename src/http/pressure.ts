/** Turns requests away while the process is overloaded, so that those in progress can finish. */
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../model/problems.js';

/** 0 for no limit. */
export interface PressureBounds {
  readonly maxLoopDelayMs: number;
  readonly maxHeapBytes: number;
  readonly maxRssBytes: number;
}

/**
 * How often the process is measured. A stall this long goes unmeasured and counts as endless, so the interval must not
 * be shorter than an allowed stall, nor too long to notice memory in time.
 */
function measuredEveryMs({ maxLoopDelayMs }: PressureBounds): number {
  return Math.min(Math.max(1_000, maxLoopDelayMs), 10_000);
}

/** A busy process is alive, and its metrics show how busy it is. */
const alwaysAnswered = new Set(['/health/live', '/metrics']);

const measured: Readonly<Record<string, string>> = {
  [underPressure.TYPE_EVENT_LOOP_DELAY]: 'Its event loop is late',
  [underPressure.TYPE_HEAP_USED_BYTES]: 'Its heap is full',
  [underPressure.TYPE_RSS_BYTES]: 'It uses more memory than allowed',
};

export function shedLoad(app: FastifyInstance, bounds: PressureBounds): void {
  const sampleInterval = measuredEveryMs(bounds);
  // By then the process has been measured again.
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
        `The service is overloaded. ${measured[type] ?? 'It is under pressure'}.`,
        { retryAfterSeconds },
      );
    },
  });
}
