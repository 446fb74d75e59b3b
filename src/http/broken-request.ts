/** Requests that are not even HTTP: Node's parser refuses them before Fastify sees them. */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Connections } from './connections.js';
import { problemBody, problemMediaType } from './problem.js';

interface ClientError extends Error {
  readonly code?: string;
}

/** How long a client may take to hang up after the answer; then it is cut off. */
const lingerMs = 1_000;

/**
 * Answers with a problem, after the answers that the connection still owes: otherwise the client would take it for an
 * earlier request's answer, or a part of one. Nothing more is read from the connection.
 */
export function createBrokenRequestHandler(connections: Connections) {
  const told = new WeakSet<Socket>();

  return function answerBrokenRequest(this: FastifyInstance, error: ClientError, socket: Socket) {
    // The parser reports every further piece as well.
    if (error.code === 'ECONNRESET' || !socket.writable || told.has(socket)) return;
    told.add(socket);
    const requestId = randomUUID();
    // The error itself holds the received bytes, which may include a token.
    const { code, message } = error;
    this.log.debug({ code, reason: message, requestId }, 'a request was not HTTP');

    const bytes = answerTo(error, requestId);
    const last = connections.owedOn(socket).at(-1);
    if (last === undefined) hangUp(socket, bytes);
    else last.once('close', () => hangUp(socket, bytes));
  };
}

function hangUp(socket: Socket, bytes: Buffer): void {
  if (socket.writable) socket.end(bytes);
  // The client's side stays open until it closes it; anything more that it sends is discarded.
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}

function answerTo({ code }: ClientError, requestId: string): Buffer {
  const problem = { slug: 'invalid-request', detail: describe(code) } as const;
  const body = Buffer.from(JSON.stringify(problemBody(problem, { requestId, path: null })));
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${problemMediaType}; charset=utf-8`,
    `Content-Length: ${body.length}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '\r\n',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n')), body]);
}

function describe(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'The headers (or the path) are longer than 16 KiB.';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'The request did not arrive completely in time.';
    default:
      return 'The request is not well-formed HTTP.';
  }
}
