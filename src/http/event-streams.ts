/**
 * The open event streams. Each holds its connection as long as its run goes on, so their number is limited, and a
 * client that stops reading loses its stream to others.
 */
import type { FastifyReply } from 'fastify';
import { ProblemError } from '../model/problems.js';

export interface EventStreamSettings {
  /** The most streams that may be open at once, over all runs. */
  readonly max: number;
  /** After this much silence a heartbeat is sent. */
  readonly heartbeatMs: number;
}

export interface EventStreams {
  readonly heartbeatMs: number;
  /**
   * Reserves a stream for the answer until it or its connection has ended. The signal is aborted then, or when the
   * stream has to end. Throws `too-many-streams`.
   */
  open(reply: Pick<FastifyReply, 'raw'>): AbortSignal;
  /** Ends every stream, so that closing the server need not wait for their runs. */
  close(): void;
}

const retryAfterSeconds = 5;

/** A client that reads receives each heartbeat at once; this many unread in a row are not just a slow network. */
const missedHeartbeats = 4;

/** How long a client may take to read the rest when the service closes. */
const lingerMs = 1_000;

export function createEventStreams({ max, heartbeatMs }: EventStreamSettings): EventStreams {
  const streams = new Map<FastifyReply['raw'], AbortController>();
  let closed = false;

  return {
    heartbeatMs,
    open: ({ raw }) => {
      // A client that has already disconnected sends no further close event.
      if (closed || raw.destroyed) return AbortSignal.abort();
      if (streams.size >= max) {
        const detail = `${max} event streams are open, which is the limit.`;
        throw new ProblemError('too-many-streams', detail, { retryAfterSeconds });
      }
      if (raw.socket === null) {
        // It would wait for its turn, and never notice that its client disconnected.
        const detail = 'An earlier request on this connection is not answered yet.';
        throw new ProblemError('too-many-streams', detail, { retryAfterSeconds });
      }
      const stream = new AbortController();
      streams.set(raw, stream);
      raw.once('close', () => {
        streams.delete(raw);
        stream.abort();
      });
      // Without a listener, Node cuts the connection then; it starts the next request with its own limit.
      raw.setTimeout(missedHeartbeats * heartbeatMs);
      return stream.signal;
    },
    close: () => {
      closed = true;
      for (const [raw, stream] of streams) {
        stream.abort();
        raw.setTimeout(lingerMs);
      }
    },
  };
}
