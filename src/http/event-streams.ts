/**
 * The event streams that are open. Each holds its connection for as long as a run goes on, so there is a
 * most; and a client that takes nothing for a while loses its own to whoever reads.
 */
import type { FastifyReply } from 'fastify';
import { ProblemError } from '../model/problems.js';

export interface EventStreamSettings {
  /** The most that may be open at once, of all runs together. */
  readonly max: number;
  /** After so much silence a stream shows that it is alive. */
  readonly heartbeatMs: number;
}

export interface EventStreams {
  readonly heartbeatMs: number;
  /**
   * A place for the answer until its connection or it itself is over. The signal is aborted then, or when
   * the stream has to end. Throws `too-many-streams`.
   */
  open(reply: Pick<FastifyReply, 'raw'>): AbortSignal;
  /** Ends every stream, so that closing the server need not wait for their runs. */
  close(): void;
}

const retryAfterSeconds = 5;

/** A client that reads takes each heartbeat at once; so many in a row are more than a slow network. */
const missedHeartbeats = 4;

/** How long a client may take to read the rest when the service closes. */
const lingerMs = 1_000;

export function createEventStreams({ max, heartbeatMs }: EventStreamSettings): EventStreams {
  const streams = new Map<FastifyReply['raw'], AbortController>();
  let closed = false;

  return {
    heartbeatMs,
    open: ({ raw }) => {
      // A client that went away before would not go away once more.
      if (closed || raw.destroyed) return AbortSignal.abort();
      if (streams.size >= max) {
        const detail = `${max} event streams are open, and no more are allowed.`;
        throw new ProblemError('too-many-streams', detail, { retryAfterSeconds });
      }
      if (raw.socket === null) {
        // It would wait for its turn, and never learn that its client went away.
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
