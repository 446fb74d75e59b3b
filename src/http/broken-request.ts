/** Requests that are not even HTTP: Node's parser refuses them before Fastify sees them. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { problemBody, problemMediaType } from './problem.js';

interface ClientError extends Error {
  readonly code?: string;
}

export function answerBrokenRequest(this: FastifyInstance, error: ClientError, socket: Socket) {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const requestId = randomUUID();
  this.log.debug({ err: error, requestId }, 'a request was no HTTP');

  const problem = { slug: 'invalid-request', detail: describe(error.code) } as const;
  const body = Buffer.from(JSON.stringify(problemBody(problem, { requestId, path: null })));
  socket.end(
    Buffer.concat([
      Buffer.from(
        [
          'HTTP/1.1 400 Bad Request',
          `Content-Type: ${problemMediaType}; charset=utf-8`,
          `Content-Length: ${body.length}`,
          'Connection: close',
          '\r\n',
        ].join('\r\n'),
      ),
      body,
    ]),
  );
}

function describe(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'The headers (or the path) are longer than 16 KiB.';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'The request did not come in whole in time.';
    default:
      return 'The request is not well-formed HTTP.';
  }
}
