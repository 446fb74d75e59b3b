/** Sits between the service and Redis like the proxy, but can be pointed elsewhere, and let a test act first. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Relay {
  readonly url: string;
  /** New connections lead there; those there are end. */
  pointTo(port: number): void;
  /** Called, and waited for, before what the service sends goes on; the text is the raw command. */
  before(act: (command: string) => Promise<void>): void;
  close(): Promise<void>;
}

/** Closed when the test has finished. */
export async function startRelay(port: number): Promise<Relay> {
  const relay = await openRelay(port);
  onTestFinished(() => relay.close());
  return relay;
}

/** The caller closes it. */
export async function openRelay(port: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let target = port;
  let act: (command: string) => Promise<void> = async () => {};

  const listener = createServer((client) => {
    const server = connect(target, '127.0.0.1');
    for (const socket of [client, server]) track(sockets, socket);
    server.pipe(client);
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    let turn: Promise<void> = Promise.resolve();
    client.on('data', (chunk: Buffer) => {
      turn = turn.then(() => act(chunk.toString())).then(() => void server.write(chunk));
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    pointTo: (next) => {
      target = next;
      drop();
    },
    before: (next) => {
      act = next;
    },
    close: async () => {
      listener.close();
      drop();
      await once(listener, 'close');
    },
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
}
