import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A loopback port that nobody listened on a moment ago; someone else may take it before the caller does. */
export function freePort(): Promise<number> {
  return freed(0);
}

/** One that is used again and again: below those that systems hand out, so that nobody is given it in between. */
export async function lastingPort(): Promise<number> {
  // Tests that run at the same time begin elsewhere.
  const first = 20_000 + (process.pid % 10_000);
  for (let port = first; ; port += 1) {
    try {
      return await freed(port);
    } catch (error) {
      if (port === first + 20) throw error;
    }
  }
}

async function freed(wanted: number): Promise<number> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
