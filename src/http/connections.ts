/**
 * The open connections, and the answers that each still has to send. Requests may be pipelined: several
 * can wait for their answers on one connection, and these must go out in order, with nothing in between.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface Connections {
  watch(app: FastifyInstance): void;
  /** The answers that are pending or being sent, in order. A request that is still arriving has none yet. */
  owedOn(socket: Socket): readonly ServerResponse[];
  /** Those without pending answers. */
  idle(): readonly Socket[];
}

export function createConnections(): Connections {
  const exchanges = new Map<Socket, Set<Exchange>>();

  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const open = exchanges.get(request.socket);
    const exchange = { request, response };
    open?.add(exchange);
    response.once('close', () => open?.delete(exchange));
  };
  const owedOn = (socket: Socket) =>
    [...(exchanges.get(socket) ?? [])]
      .filter(({ request, response }) => request.complete || response.headersSent)
      .map(({ response }) => response);

  return {
    watch: ({ server }) => {
      // With TLS, requests arrive on the socket that wraps the connection, not on the connection itself.
      server.on(
        server instanceof TlsServer ? 'secureConnection' : 'connection',
        (socket: Socket) => {
          exchanges.set(socket, new Set());
          socket.once('close', () => exchanges.delete(socket));
        },
      );
      server.prependListener('request', begin);
    },
    owedOn,
    idle: () => [...exchanges.keys()].filter((socket) => owedOn(socket).length === 0),
  };
}
