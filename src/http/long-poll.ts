/**
 * Long polls: requests that wait for a run. Each stops waiting when its run has ended, its time is up, its client has
 * disconnected, or the service closes, and leaves no listeners behind.
 */
import type { FastifyReply } from 'fastify';
import type { ControlPlane } from '../core/control-plane.js';
import type { Run } from '../model/run.js';

export interface LongPolls {
  /** The run as it is when the wait is over. */
  wait(runId: string, seconds: number, reply: FastifyReply): Promise<Run>;
  /** Ends every wait, so that closing the server need not. */
  close(): void;
}

export function createLongPolls(controlPlane: ControlPlane): LongPolls {
  const waits = new Set<AbortController>();
  let closed = false;

  return {
    wait: async (runId, seconds, reply) => {
      // A client that disconnected before the wait began sends no further close event.
      if (closed || reply.raw.destroyed) return controlPlane.run(runId);
      const wait = new AbortController();
      const leave = () => wait.abort();
      waits.add(wait);
      reply.raw.once('close', leave);
      try {
        return await controlPlane.wait(runId, seconds * 1000, wait.signal);
      } finally {
        reply.raw.off('close', leave);
        waits.delete(wait);
      }
    },
    close: () => {
      closed = true;
      for (const wait of waits) wait.abort();
    },
  };
}
