import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Sits between a client and a server on this machine, and does what networks do. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections are open on the client's side. */
  readonly connections: number;
  /** Keeps what clients send, until `release` sends it on (also when the client has gone by then). */
  hold(): void;
  release(): void;
  /** New connections lead to that port; those there are stay where they are. */
  leadTo(port: number): void;
  /** How many connections clients have made so far. */
  readonly made: number;
  /** From now on nothing passes on the connections there are; new ones work. */
  strand(): void;
  /** Every later reply arrives that much later. */
  delayReplies(delayMs: number): void;
  /** Every later reply ends after so many bytes, with the connection; null ends this. */
  cutReplies(afterBytes: number | null): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  const servers = new Set<Socket>();
  const held: (() => void)[] = [];
  let holding = false;
  const stranded = new WeakSet<Socket>();
  let replyDelayMs = 0;
  let port = targetPort;
  let made = 0;
  let cutAfterBytes: number | null = null;

  const reply = (client: Socket, chunk: Buffer) => {
    if (client.destroyed || stranded.has(client)) return;
    if (cutAfterBytes === null) client.write(chunk);
    else client.end(chunk.subarray(0, cutAfterBytes));
  };

  const listener = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    made += 1;
    track(clients, client);
    track(servers, server);
    client.on('data', (chunk) => {
      if (stranded.has(client)) return;
      if (holding) held.push(() => server.write(chunk));
      else server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (replyDelayMs > 0) setTimeout(reply, replyDelayMs, client, chunk);
      else reply(client, chunk);
    });
    server.on('close', () => client.destroy());
    client.on('close', () => {
      if (!holding) server.destroy();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  return {
    port: (listener.address() as AddressInfo).port,
    get connections() {
      return clients.size;
    },
    get made() {
      return made;
    },
    leadTo: (next) => {
      port = next;
    },
    hold: () => {
      holding = true;
    },
    release: () => {
      holding = false;
      for (const send of held.splice(0)) send();
    },
    strand: () => {
      for (const client of clients) stranded.add(client);
    },
    delayReplies: (delayMs) => {
      replyDelayMs = delayMs;
    },
    cutReplies: (afterBytes) => {
      cutAfterBytes = afterBytes;
    },
    close: async () => {
      listener.close();
      for (const socket of [...clients, ...servers]) socket.destroy();
      await once(listener, 'close');
    },
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
}
